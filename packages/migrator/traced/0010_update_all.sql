update pages set body = title;

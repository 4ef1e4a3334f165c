import type postgres from 'postgres';

/**
 * The parts of the Citus extension that this package uses, in a database of the test's own: its catalog and
 * functions by name, with the refusals observed on a cluster. It moves no row; what a test sees is which
 * statements are sent, in which order, and what comes of an answer.
 */
export async function installStandIn(admin: postgres.Sql): Promise<void> {
  await admin.unsafe(`
    set allow_system_table_mods = on;
    update pg_extension set extname = 'citus' where extname = 'vector';
    create table pg_catalog.pg_dist_partition (logicalrelid regclass, partmethod "char");
    create table pg_catalog.pg_dist_node (nodeid int, nodename text, nodeport int);
    create table pg_catalog.stand_in_commands (at serial, command text);
    create table pg_catalog.stand_in_answers (pattern text, nodeid int, result text);
    insert into pg_catalog.pg_dist_node values (1, 'coordinator', 5432), (2, 'worker-1', 5432), (3, 'worker-2', 5432);
    create table pg_catalog.pg_dist_shard_placement (shardid bigint, nodename text, nodeport int);
    insert into pg_catalog.pg_dist_shard_placement select 102008 + n, 'worker-' || n % 2 + 1, 5432 from generate_series(0, 31) n;
    create function pg_catalog.get_shard_id_for_distribution_column(name regclass, value anyelement)
      returns bigint language sql as $$ select 102008 + abs(hashtext(value::text)) % 32 $$;
    create function pg_catalog.create_distributed_table(
      name regclass, key text, shard_count int default null, colocate_with text default 'default')
      returns void language plpgsql as $$
    declare
      forced boolean := (select relforcerowsecurity from pg_class where oid = name);
      held_back boolean := (select not (rolsuper or rolbypassrls) from pg_roles where rolname = current_user);
    begin
      insert into pg_catalog.stand_in_commands (command) values (format('distribute %s', name));
      if forced and held_back then
        raise exception using errcode = '0A000', message = 'COPY FROM not supported with row-level security';
      end if;
      insert into pg_catalog.pg_dist_partition
        select relid, 'h' from pg_partition_tree(name) union select name, 'h';
    end $$;
    create function pg_catalog.run_command_on_all_nodes(command text)
      returns table (nodeid int, success boolean, result text) language plpgsql as $$
    begin
      insert into pg_catalog.stand_in_commands (command) values ('every node: ' || command);
      return query select n.nodeid, true, coalesce(
        (select a.result from pg_catalog.stand_in_answers a
         where a.nodeid = n.nodeid and command like a.pattern limit 1), 't')
      from pg_catalog.pg_dist_node n;
    end $$;
    create function pg_catalog.run_command_on_placements(name regclass, command text)
      returns table (nodename text, nodeport int, shardid bigint, success boolean, result text) language plpgsql as $$
    begin
      insert into pg_catalog.stand_in_commands (command) values (format('shards of %s: ', name) || command);
      return query select n.nodename, n.nodeport, 102008::bigint + n.nodeid, true, coalesce(
        (select a.result from pg_catalog.stand_in_answers a
         where a.nodeid = n.nodeid and command like a.pattern limit 1), 'p')
      from pg_catalog.pg_dist_node n where n.nodeid > 1;
    end $$;
    grant select on pg_catalog.pg_dist_node, pg_catalog.pg_dist_shard_placement to public;
    grant select, insert on pg_catalog.pg_dist_partition, pg_catalog.stand_in_commands, pg_catalog.stand_in_answers to public;
    grant usage on sequence pg_catalog.stand_in_commands_at_seq to public;`);
}

/** The statements sent to nodes and shards so far, in order. */
export async function commandsSent(admin: postgres.Sql): Promise<string[]> {
  const rows = await admin<{ command: string }[]>`
    select command from pg_catalog.stand_in_commands order by at`;
  return rows.map(({ command }) => command);
}

'use client';
import { type ComponentProps, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog, DialogButtons } from './dialog.tsx';

interface ConfirmButtonProps extends ComponentProps<typeof Button> {
  /** The question. */
  readonly question: string;
  /** Names the thing that will be deleted. */
  readonly consequence: string;
  /** The label of the confirming button. */
  readonly verb: string;
  readonly onConfirm: () => Promise<unknown>;
}

/** A button for what can't be undone: it asks first. */
export function ConfirmButton({
  question,
  consequence,
  verb,
  onConfirm,
  ...rest
}: ConfirmButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} {...rest} />
      <ConfirmDialog
        open={isOpen}
        onOpenChange={setOpen}
        {...{ question, consequence, verb, onConfirm }}
      />
    </>
  );
}

/** The same question, opened by something else, a menu for one. */
export function ConfirmDialog({
  open,
  onOpenChange,
  question,
  consequence,
  verb,
  onConfirm,
}: Pick<ConfirmButtonProps, 'question' | 'consequence' | 'verb' | 'onConfirm'> & {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const [isBusy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    await onConfirm();
    setBusy(false);
    onOpenChange(false);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={question} description={consequence}>
      <DialogButtons>
        <Button onClick={() => onOpenChange(false)}>Keep it</Button>
        <Button look="danger" busy={isBusy} onClick={() => void confirm()}>
          {verb}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

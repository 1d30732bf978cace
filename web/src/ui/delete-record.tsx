// Deleting something that has a page of its own, after a question. The server refuses while it is used, and says by what.
import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { remove } from "@/api/http.ts";
import { ConfirmDialog } from "./confirm.tsx";
import { notifyDone, notifyError } from "./notify.ts";

interface Props {
  /** What is asked of the server. */
  path: string;
  label: string;
  title: string;
  text: string;
  /** Said afterwards. */
  done: string;
  testId: string;
  onDeleted: () => Promise<void>;
}

export function DeleteRecord({ path, label, title, text, done, testId, onDeleted }: Props) {
  const [asking, setAsking] = useState(false);
  const del = useMutation({
    mutationFn: () => remove(path),
    onSuccess: () => {
      notifyDone(done);
      return onDeleted();
    },
    onError: (error) => notifyError(error),
    onSettled: () => setAsking(false),
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconTrash size={18} stroke={1.5} />}
        onClick={() => setAsking(true)}
        data-testid={testId}
      >
        {label}
      </Button>
      <ConfirmDialog
        opened={asking}
        title={title}
        text={text}
        confirm={label}
        loading={del.isPending}
        onConfirm={() => del.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

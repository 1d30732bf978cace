// How a stage ends: what came of it, or why it is not needed.
import { Button, Group, Modal, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  act: "complete" | "skip";
  stage: string;
  busy: boolean;
  onEnd: (text: string) => void;
  onClose: () => void;
}

export default function EndDialog({ act, stage, busy, onEnd, onClose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onEnd(text);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`stages:${act}Title`, { stage })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form onSubmit={submit}>
        <Textarea
          label={t(`stages:${act}Text`)}
          autosize
          minRows={2}
          maxRows={8}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
          data-testid="stage-text"
        />
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button
            type="submit"
            loading={busy}
            disabled={act === "skip" && text.trim() === ""}
            data-testid="stage-end"
          >
            {t(`stages:${act}`)}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

// What a changed policy would do to the promises that run already, before it is saved: for new ones only, or for those too.
import { Button, Group, Modal, Radio, Stack, Table } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SlaChangePreview } from "@/api/types.ts";
import { lengthWords } from "@/lib/due.ts";
import { longTime } from "@/lib/time.ts";
import { useTime } from "@/ui/time.tsx";
import styles from "./policy.module.css";
import { PromiseLink } from "./promise-link.tsx";

interface Props {
  preview: SlaChangePreview;
  saving: boolean;
  onSave: (applyToRunning: boolean) => void;
  onClose: () => void;
}

export function ApplyDialog({ preview, saving, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const time = useTime();
  const [apply, setApply] = useState(false);
  const told = (seconds: number, due: string | null) =>
    `${lengthWords(seconds, t)} · ${due ? longTime(due, time) : t("sla:apply.stands")}`;
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={t("sla:apply.title")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <p data-testid="apply-summary">
        {t("sla:apply.running", { count: preview.running })},{" "}
        {t("sla:apply.changed", { count: preview.changed.length })}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section className={styles.table} tabIndex={0} aria-label={t("sla:apply.title")}>
        <Table stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("sla:apply.of")}</Table.Th>
              <Table.Th>{t("sla:apply.before")}</Table.Th>
              <Table.Th>{t("sla:apply.after")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {preview.changed.map((each) => (
              <Table.Tr key={`${each.conversation_id ?? each.ticket_id}${each.norm}`} data-testid="apply-row">
                <Table.Td>
                  <PromiseLink of={each} newTab>
                    {each.number}
                  </PromiseLink>{" "}
                  {each.subject || t("common:noSubject")}
                  <p className={styles.note}>{t(`sla:norm.${each.norm}`)}</p>
                </Table.Td>
                <Table.Td className="tnum">{told(each.seconds_before, each.due_before)}</Table.Td>
                <Table.Td className="tnum">{told(each.seconds_after, each.due_after)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <Radio.Group
        label={t("sla:apply.choose")}
        value={apply ? "running" : "new"}
        onChange={(next) => setApply(next === "running")}
      >
        <Stack gap={8} mt={6}>
          <Radio value="new" label={t("sla:apply.new")} data-testid="apply-new" />
          <Radio value="running" label={t("sla:apply.too")} data-testid="apply-running" />
        </Stack>
      </Radio.Group>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button loading={saving} onClick={() => onSave(apply)} data-testid="apply-save">
          {t("common:save")}
        </Button>
      </Group>
    </Modal>
  );
}

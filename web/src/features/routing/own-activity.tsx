// What I am busy with: said in the own menu, recorded with its times, seen by colleagues. Loaded when it is first needed.
import { Button, Group, Modal, Radio, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import { notifyError } from "@/ui/notify.ts";
import { ownStatusQuery } from "./queries.ts";
import { activitiesQuery } from "./staff-queries.ts";

const nothing = "";

export default function OwnActivityDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: activities = [] } = useQuery(activitiesQuery);
  const { data: own } = useQuery(ownStatusQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const value = chosen ?? own?.activity_id ?? nothing;
  const save = useMutation({
    mutationFn: () => put("/me/activity", { activity_id: value || null }),
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: ownStatusQuery.queryKey });
    },
    onError: (error) => notifyError(error),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("staff:own.title")}
      size={400}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Radio.Group value={value} onChange={setChosen} label={t("staff:own.text")}>
          <Stack gap={10} mt="sm">
            <Radio
              value={nothing}
              label={t("staff:own.nothing")}
              data-autofocus={value === nothing || undefined}
            />
            {activities.map((activity) => (
              <Radio
                key={activity.id}
                value={activity.id}
                label={activity.name}
                data-testid="own-activity"
                data-autofocus={value === activity.id || undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} data-testid="own-activity-save">
            {t("common:save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

// Which schedules somebody was given, and giving another one.
import { Button, Group, Modal, Stack } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "@/api/types.ts";
import { AssignDialog } from "./assign-dialog.tsx";
import { Assignments } from "./assignments.tsx";

export function PersonDialog({ user, onClose }: { user: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const [assigning, setAssigning] = useState(false);
  if (assigning) return <AssignDialog user={user.id} onClose={onClose} />;
  return (
    <Modal
      opened
      onClose={onClose}
      title={user.name}
      size={520}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <Stack gap="md">
        <Assignments of={{ user: user.id }} empty={t("shifts:assign.noneOfPerson")} />
        <Group justify="flex-end">
          <Button
            leftSection={<IconUserPlus size={18} stroke={1.5} />}
            onClick={() => setAssigning(true)}
            data-testid="person-assign"
          >
            {t("shifts:assign.open")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

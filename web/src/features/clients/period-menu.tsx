// For how many days somebody who has not written stays in my list: from a week to three months.
import { Button, NumberInput, Popover } from "@mantine/core";
import { IconCalendarTime } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import type { Id } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { refreshClients } from "./queries.ts";

export function PeriodMenu({ line, days }: { line: Id; days: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [value, setValue] = useState<number | string>(days);
  const save = useMutation({
    mutationFn: () => put(`/lines/${line}/client-period`, { period_days: value }),
    onSuccess: () => {
      setOpened(false);
      refreshClients(client, line);
    },
    onError: (error) => notifyError(error),
  });
  const fits = typeof value === "number" && value >= 7 && value <= 90;
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={260} trapFocus>
      <Popover.Target>
        <IconButton
          label={t("clients:period.tool", { count: days })}
          onClick={() => {
            setValue(days);
            setOpened(!opened);
          }}
          data-testid="client-period"
        >
          <IconCalendarTime size={18} stroke={1.5} />
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (fits) save.mutate();
          }}
        >
          <NumberInput
            label={t("clients:period.label")}
            description={t("clients:period.help")}
            value={value}
            onChange={setValue}
            min={7}
            max={90}
            allowDecimal={false}
            error={fits ? undefined : t("clients:period.range")}
            data-autofocus
            data-testid="client-period-days"
          />
          <Button type="submit" fullWidth mt="sm" loading={save.isPending} disabled={!fits}>
            {t("common:save")}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

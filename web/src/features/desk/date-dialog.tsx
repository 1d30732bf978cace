// Any date and time. Loaded when it is first needed: the calendar is not small.
import "@mantine/dates/styles.layer.css";
import "dayjs/locale/ru";
import { Button, Group, Modal } from "@mantine/core";
import { DatePicker, DatesProvider, TimeInput } from "@mantine/dates";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { atHour, dayKey } from "@/lib/time.ts";
import { useTime } from "@/ui/time.tsx";

interface Props {
  title: string;
  onChoose: (until: Date) => void;
  onClose: () => void;
}

export default function DateDialog({ title, onChoose, onClose }: Props) {
  const { t } = useTranslation();
  const time = useTime();
  const today = dayKey(time.now, time.timeZone);
  const [day, setDay] = useState<string | null>(dayKey(atHour(1, 12, time), time.timeZone));
  const [clock, setClock] = useState("09:00");
  const [hours = 9, minutes = 0] = clock.split(":").map(Number);
  const days = day
    ? Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000)
    : 0;
  const until = new Date(atHour(days, hours, time).getTime() + minutes * 60_000);
  const past = !day || until.getTime() <= time.now.getTime();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="auto"
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <DatesProvider settings={{ locale: time.locale, firstDayOfWeek: 1 }}>
        <DatePicker
          value={day}
          onChange={setDay}
          minDate={today}
          ariaLabels={{
            previousMonth: t("desk:calendar.previous"),
            nextMonth: t("desk:calendar.next"),
            monthLevelControl: t("desk:calendar.months"),
            yearLevelControl: t("desk:calendar.years"),
            previousYear: t("desk:calendar.previous"),
            nextYear: t("desk:calendar.next"),
            previousDecade: t("desk:calendar.previous"),
            nextDecade: t("desk:calendar.next"),
          }}
        />
        <TimeInput
          mt="sm"
          label={t("desk:snooze.time")}
          value={clock}
          onChange={(event) => setClock(event.currentTarget.value || "09:00")}
        />
      </DatesProvider>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button
          disabled={past}
          onClick={() => {
            onChoose(until);
            onClose();
          }}
        >
          {t("desk:snooze.set")}
        </Button>
      </Group>
    </Modal>
  );
}

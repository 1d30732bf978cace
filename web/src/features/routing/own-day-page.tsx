// How my own days go: my shifts, the statuses I had and what I was busy with, as a supervisor sees it too.
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import { PageFrame } from "@/ui/page.tsx";
import { OwnShifts } from "./shifts/own-shifts.tsx";
import { PersonHistory } from "./staff-history.tsx";

export function OwnDayPage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <PageFrame title={t("staff:day.title")} text={t("staff:day.text")}>
      <OwnShifts id={me.id} />
      <PersonHistory id={me.id} />
    </PageFrame>
  );
}

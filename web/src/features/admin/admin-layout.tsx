// The frame of administration: the sections open to the person.
import {
  IconBan,
  IconBriefcase,
  IconBuilding,
  IconCalendarTime,
  IconForms,
  IconHome,
  IconListDetails,
  IconMailbox,
  IconMailQuestion,
  IconMessages,
  IconPhoneIncoming,
  IconProgressCheck,
  IconUser,
  IconUsersGroup,
} from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import { SectionsLayout } from "@/ui/page.tsx";
import { type AdminSection, allowedSections } from "./sections.ts";

const icon = { size: 18, stroke: 1.5 } as const;
const icons: Record<AdminSection["key"], ReactNode> = {
  overview: <IconHome {...icon} />,
  lines: <IconBriefcase {...icon} />,
  channels: <IconMessages {...icon} />,
  mailboxes: <IconMailbox {...icon} />,
  forms: <IconForms {...icon} />,
  schedules: <IconCalendarTime {...icon} />,
  sources: <IconPhoneIncoming {...icon} />,
  blocks: <IconBan {...icon} />,
  properties: <IconListDetails {...icon} />,
  users: <IconUser {...icon} />,
  groups: <IconUsersGroup {...icon} />,
  quarantine: <IconMailQuestion {...icon} />,
  jobs: <IconProgressCheck {...icon} />,
  company: <IconBuilding {...icon} />,
};

export function AdminLayout() {
  const { t } = useTranslation();
  const allowed = allowedSections(useMe().permissions);
  const groups = (["start", "work", "people", "system"] as const)
    .map((part) => ({
      label: part === "start" ? undefined : t(`admin:part.${part}`),
      items: allowed
        .filter((section) => section.part === part)
        .map(({ key }) => ({ to: `/admin/${key}`, label: t(`admin:section.${key}`), icon: icons[key] })),
    }))
    .filter((group) => group.items.length > 0);
  return (
    <SectionsLayout title={t("common:nav.admin")} groups={groups}>
      <Outlet />
    </SectionsLayout>
  );
}

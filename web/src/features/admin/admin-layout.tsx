// The frame of administration: the sections open to the person.
import {
  IconArrowsSplit,
  IconBan,
  IconBeach,
  IconBriefcase,
  IconBuilding,
  IconCalendarTime,
  IconCalendarUser,
  IconCertificate,
  IconCoffee,
  IconForms,
  IconHome,
  IconListDetails,
  IconMailbox,
  IconMailQuestion,
  IconMessage2Bolt,
  IconMessages,
  IconPhoneIncoming,
  IconPlugConnectedX,
  IconProgressCheck,
  IconReceipt2,
  IconRoute,
  IconTargetArrow,
  IconUser,
  IconUserStar,
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
  "canned-replies": <IconMessage2Bolt {...icon} />,
  schedules: <IconCalendarTime {...icon} />,
  distribution: <IconArrowsSplit {...icon} />,
  "sla-policies": <IconTargetArrow {...icon} />,
  routes: <IconRoute {...icon} />,
  services: <IconListDetails {...icon} />,
  outages: <IconPlugConnectedX {...icon} />,
  "client-categories": <IconUserStar {...icon} />,
  "tariff-plans": <IconReceipt2 {...icon} />,
  sources: <IconPhoneIncoming {...icon} />,
  blocks: <IconBan {...icon} />,
  properties: <IconListDetails {...icon} />,
  users: <IconUser {...icon} />,
  groups: <IconUsersGroup {...icon} />,
  skills: <IconCertificate {...icon} />,
  shifts: <IconCalendarUser {...icon} />,
  absences: <IconBeach {...icon} />,
  activities: <IconCoffee {...icon} />,
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
        .map(({ key, also }) => ({
          to: `/admin/${key}`,
          also,
          label: t(`admin:section.${key}`),
          icon: icons[key],
        })),
    }))
    .filter((group) => group.items.length > 0);
  return (
    <SectionsLayout title={t("common:nav.admin")} groups={groups}>
      <Outlet />
    </SectionsLayout>
  );
}

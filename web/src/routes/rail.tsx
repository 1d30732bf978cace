// The rail: where one is, where one can go, and the own menu (theme, language, sign out).
import { Indicator, Menu, UnstyledButton } from "@mantine/core";
import {
  IconActivity,
  IconAdjustmentsHorizontal,
  IconChecklist,
  IconCommand,
  IconHelpCircle,
  IconInbox,
  IconLanguage,
  IconLayoutKanban,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconSunMoon,
  IconTicket,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "@/api/http.ts";
import { useCan, useMe, useUpdateMe } from "@/api/me.ts";
import type { Theme } from "@/api/types.ts";
import { RailTasks } from "@/features/desk/tasks/rail-tasks.tsx";
import { Bell } from "@/features/notify/bell.tsx";
import { StatusItems } from "@/features/routing/status-items.tsx";
import { useOwnStatus } from "@/features/routing/use-own-status.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { notifyError } from "@/ui/notify.ts";
import { RailLink } from "@/ui/rail-link.tsx";
import { RailSlotTarget } from "@/ui/rail-slot.tsx";
import { StatusDot } from "@/ui/status-dot.tsx";
import { useLiveStatus } from "@/ui/use-live.ts";
import { seesAdministration } from "./go-to.ts";
import styles from "./rail.module.css";
import { lastView } from "./search.ts";

const OwnActivityDialog = lazy(() => import("@/features/routing/own-activity.tsx"));
const icon = { size: 20, stroke: 1.5 } as const;
const themes: [Theme, ReactNode][] = [
  ["auto", <IconSunMoon key="auto" size={18} stroke={1.5} />],
  ["light", <IconSun key="light" size={18} stroke={1.5} />],
  ["dark", <IconMoon key="dark" size={18} stroke={1.5} />],
];

export function Rail({ onHelp, onPalette }: { onHelp: () => void; onPalette: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <nav className={styles.rail} aria-label={t("common:nav.main")}>
      <Link to="/" className={styles.logo} aria-label={t("common:nav.home")}>
        <img src="/favicon.svg" width={28} height={28} alt="" />
      </Link>
      <RailLink
        to="/c/$view"
        params={{ view: lastView() }}
        activeFor="/c"
        label={t("common:nav.conversations")}
      >
        <IconInbox {...icon} />
      </RailLink>
      {can("contacts.view") && (
        <RailLink to="/clients" label={t("clients:title")} keys="g l">
          <IconUsers {...icon} />
        </RailLink>
      )}
      {can("tickets.view") && (
        <RailLink to="/tickets" label={t("desk:tickets.title")} keys="g t">
          <IconTicket {...icon} />
        </RailLink>
      )}
      <RailTasks />
      <RailLink to="/search" label={t("common:nav.search")} keys="/">
        <IconSearch {...icon} />
      </RailLink>
      <Bell />
      <RailLink to="/monitor" label={t("routing:monitor.title")} keys="g v" wideOnly>
        <IconActivity {...icon} />
      </RailLink>
      {can("conversations.assign") && (
        <RailLink to="/board" label={t("staff:board.title")} keys="g b" wideOnly>
          <IconLayoutKanban {...icon} />
        </RailLink>
      )}
      {seesAdministration(can) && (
        <RailLink to="/admin" label={t("common:nav.admin")} keys="g a">
          <IconAdjustmentsHorizontal {...icon} />
        </RailLink>
      )}
      <RailSlotTarget className={styles.slot} />
      <div className={styles.spacer} />
      <RailLink onClick={onPalette} label={t("common:nav.palette")} keys="mod+k" wideOnly>
        <IconCommand {...icon} />
      </RailLink>
      <RailLink onClick={onHelp} label={t("common:nav.help")} keys="?" wideOnly>
        <IconHelpCircle {...icon} />
      </RailLink>
      <OwnMenu />
    </nav>
  );
}

function OwnMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const can = useCan();
  const update = useUpdateMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const connected = useLiveStatus() !== "lost";
  const { own } = useOwnStatus();
  const [busyWith, setBusyWith] = useState(false);

  const signOut = async () => {
    try {
      await remove("/session");
    } catch (error) {
      notifyError(error);
      return;
    }
    await navigate({ to: "/login" });
    client.clear();
  };

  return (
    <>
      <Menu position="right-end" offset={8} width={240}>
        <Menu.Target>
          <UnstyledButton
            className={styles.own}
            aria-label={
              own
                ? `${t("common:nav.own", { name: me.name })}, ${t(`routing:status.${own.status}`)}`
                : t("common:nav.own", { name: me.name })
            }
            data-testid="own-menu"
          >
            <Indicator
              disabled={connected && own !== undefined}
              color={connected ? "var(--success)" : "var(--warning)"}
              size={10}
              offset={4}
              position="bottom-end"
              withBorder
            >
              <Avatar
                name={me.name}
                color={me.avatar_color}
                size={32}
                mark={own && connected ? <StatusDot status={own.status} silent /> : undefined}
              />
            </Indicator>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={styles.ownHead}>
            <p className={styles.ownName}>{me.name}</p>
            <p className={styles.ownMail}>{me.email}</p>
          </div>
          <Menu.Divider />
          <Menu.Item
            component={Link}
            to="/tasks"
            className={styles.phoneOnly}
            leftSection={<IconChecklist size={18} stroke={1.5} />}
          >
            {t("tasks:title")}
          </Menu.Item>
          <Menu.Item
            component={Link}
            to="/monitor"
            className={styles.phoneOnly}
            leftSection={<IconActivity size={18} stroke={1.5} />}
          >
            {t("routing:monitor.title")}
          </Menu.Item>
          {can("conversations.assign") && (
            <Menu.Item
              component={Link}
              to="/board"
              className={styles.phoneOnly}
              leftSection={<IconLayoutKanban size={18} stroke={1.5} />}
            >
              {t("staff:board.title")}
            </Menu.Item>
          )}
          <StatusItems onActivity={() => setBusyWith(true)} />
          <Menu.Item
            component={Link}
            to="/settings/profile"
            leftSection={<IconUser size={18} stroke={1.5} />}
          >
            {t("common:nav.profile")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconLanguage size={18} stroke={1.5} />}
            closeMenuOnClick={false}
            onClick={() => void update({ locale: me.locale === "ru" ? "en" : "ru" }).catch(notifyError)}
            data-testid="switch-language"
          >
            {t("common:nav.otherLanguage")}
          </Menu.Item>
          <Menu.Label>{t("common:theme.title")}</Menu.Label>
          {themes.map(([theme, themeIcon]) => (
            <Menu.Item
              key={theme}
              leftSection={themeIcon}
              closeMenuOnClick={false}
              onClick={() => void update({ theme }).catch(notifyError)}
              data-active={me.theme === theme || undefined}
              aria-current={me.theme === theme}
              className={styles.theme}
            >
              {t(`common:theme.${theme}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconLogout size={18} stroke={1.5} />}
            onClick={() => void signOut()}
            data-testid="sign-out"
          >
            {t("common:nav.signOut")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {busyWith && (
        <Suspense>
          <OwnActivityDialog onClose={() => setBusyWith(false)} />
        </Suspense>
      )}
    </>
  );
}

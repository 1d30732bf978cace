// By which of the client's channels the answer goes: the current one in a line, the others in its menu, closed ones with the reason.
import { Menu, UnstyledButton } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Route } from "@/api/types.ts";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { useTime } from "@/ui/time.tsx";
import styles from "./route-line.module.css";

interface Props {
  routes: readonly Route[];
  route: Route | null;
  onChoose: (route: Route) => void;
}

export function RouteLine({ routes, route, onChoose }: Props) {
  const { t } = useTranslation();
  if (!route) return null;
  const words = (each: Route) => (
    <>
      <ChannelMark kind={each.kind} size={16} colored />
      <span className={styles.kind}>{t(`channels:kind.${each.kind}`)}</span>
      <span className={styles.title}>{each.address ?? each.title}</span>
    </>
  );
  return (
    <div className={styles.line}>
      <span className={styles.label}>{t("desk:composer.to")}</span>
      {routes.length > 1 ? (
        <Menu position="top-start" width={340}>
          <Menu.Target>
            <UnstyledButton
              className={styles.button}
              aria-label={t("desk:route.choose", { now: t(`channels:kind.${route.kind}`) })}
              data-testid="route"
              data-route={route.key}
            >
              {words(route)}
              <IconChevronDown size={14} stroke={1.6} />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t("desk:route.title")}</Menu.Label>
            {routes.map((each) => (
              <Menu.Item
                key={each.key}
                disabled={!each.allowed}
                onClick={() => onChoose(each)}
                leftSection={<ChannelMark kind={each.kind} size={18} colored />}
                rightSection={each.key === route.key ? <IconCheck size={16} stroke={1.5} /> : null}
                data-testid="route-option"
              >
                <span className={styles.option}>
                  <span>
                    {t(`channels:kind.${each.kind}`)} · {each.address ?? each.title}
                  </span>
                  {(each.reason || each.account_name) && (
                    <span className={styles.reason}>
                      {each.reason ?? t("desk:route.account", { name: each.account_name })}
                    </span>
                  )}
                </span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <span className={styles.button} data-testid="route" data-route={route.key}>
          {words(route)}
        </span>
      )}
      {route.allowed && route.window_until && !route.templates_only && <Window until={route.window_until} />}
    </div>
  );
}

/** How long one may still write freely. */
function Window({ until }: { until: string }) {
  const { t } = useTranslation();
  const { now } = useTime();
  const left = Math.max(0, Date.parse(until) - now.getTime());
  const hours = Math.floor(left / 3_600_000);
  const minutes = Math.ceil((left % 3_600_000) / 60_000);
  const text =
    hours >= 1
      ? t("desk:route.hoursLeft", { count: hours })
      : t("desk:route.minutesLeft", { count: minutes });
  return (
    <span className={styles.window} data-soon={hours < 2 || undefined} title={t("desk:route.windowHelp")}>
      {text}
    </span>
  );
}

// The first line works: what to do next.
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { ButtonLink } from "@/ui/button-link.tsx";
import { EmptyState } from "@/ui/states.tsx";
import type { MadeLine } from "./use-first-line.ts";

export function LineFirstDone({ made: { line, channel } }: { made: MadeLine }) {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <EmptyState
      icon={<IconCircleCheck size={28} stroke={1.5} />}
      title={t("staff:wizard.doneTitle", { name: line.name })}
      text={t(channel ? "staff:wizard.doneChat" : "staff:wizard.doneLater")}
      action={
        <div style={{ display: "flex", flexWrap: "wrap", justifyContent: "center", gap: 8 }}>
          {channel ? (
            <ButtonLink
              to="/admin/channels/$channelId"
              params={{ channelId: channel.id }}
              data-testid="wizard-code"
            >
              {t("staff:wizard.code")}
            </ButtonLink>
          ) : (
            can("channels.manage") && (
              <ButtonLink to="/admin/channels/new" search={{ line: line.id }} data-testid="wizard-connect">
                {t("staff:wizard.connect")}
              </ButtonLink>
            )
          )}
          <ButtonLink to="/c/$view" params={{ view: "open" }} variant="default">
            {t("staff:wizard.toWork")}
          </ButtonLink>
          <ButtonLink to="/admin/lines/$lineId" params={{ lineId: line.id }} variant="default">
            {t("admin:line.openLine")}
          </ButtonLink>
        </div>
      }
    />
  );
}

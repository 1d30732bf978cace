// The workspace before there is any line: nobody can write yet. Whoever may make the first one is led there.
import { IconBriefcase } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { ButtonLink } from "@/ui/button-link.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { linesQuery } from "./queries.ts";

/** True when it is known that there is no line. */
export function useNoLines(): boolean {
  return useQuery(linesQuery).data?.items.length === 0;
}

export function NoLines() {
  const { t } = useTranslation();
  const can = useCan();
  const may = can("lines.manage");
  return (
    <EmptyState
      icon={<IconBriefcase size={28} stroke={1.5} />}
      title={t("staff:noLines.title")}
      text={t(may ? "staff:noLines.text" : "staff:noLines.ask")}
      action={
        may && (
          <ButtonLink to="/admin/lines/first" data-testid="first-line-start">
            {t("staff:noLines.create")}
          </ButtonLink>
        )
      }
    />
  );
}

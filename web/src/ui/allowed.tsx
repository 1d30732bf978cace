// A page for those who hold the permission; the others read why they see nothing. The server refuses them anyway.
import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { Permission } from "@/api/types.ts";
import { EmptyState } from "./states.tsx";

export function Allowed({ need, children }: { need: Permission; children: ReactNode }) {
  const { t } = useTranslation();
  const can = useCan();
  if (can(need)) return <>{children}</>;
  return (
    <EmptyState
      icon={<IconLock size={28} stroke={1.5} />}
      title={t("common:error.forbidden")}
      text={t("common:error.forbiddenText")}
    />
  );
}

// How one wants to be told of what concerns one: by kind and way, at which hours, on which devices.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { PageFrame } from "@/ui/page.tsx";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { PreferencesForm } from "./preferences-form.tsx";
import { preferencesQuery } from "./queries.ts";
import { ThisDevice } from "./this-device.tsx";

export function NotificationSettings() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(preferencesQuery);
  return (
    <PageFrame title={t("notify:title")} text={t("notify:settings.text")} wide>
      <ThisDevice />
      {data ? (
        <PreferencesForm saved={data} />
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <Delayed>
          <Skeleton height={320} radius={8} mb={16} />
        </Delayed>
      )}
    </PageFrame>
  );
}

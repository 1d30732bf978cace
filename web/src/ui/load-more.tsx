// Under a list that comes in pages.
import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Pages } from "@/api/pages.ts";

export function LoadMore({ pages }: { pages: Pages<unknown> }) {
  const { t } = useTranslation();
  if (!pages.more) return null;
  return (
    <Group justify="center" mt="md">
      <Button variant="default" loading={pages.loadingMore} onClick={pages.loadMore}>
        {t("common:loadMore")}
      </Button>
    </Group>
  );
}

// What holds for the client, where there are categories or plans at all.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { clientCategoriesQuery } from "@/api/terms.ts";
import type { Id } from "@/api/types.ts";
import { useTariff } from "@/ui/tariff-note.tsx";
import { TermsBlock, TermsEdit } from "@/ui/terms-block.tsx";
import { PanelBlock } from "./panel-block.tsx";
import { contactQuery } from "./queries.ts";

export function ClientTerms({ id }: { id: Id }) {
  const { t } = useTranslation();
  const { data: card } = useQuery(contactQuery(id));
  const { data: categories } = useQuery(clientCategoriesQuery);
  const plan = useTariff(id)?.plan;
  const some = plan || card?.category || card?.company?.category || (categories?.items.length ?? 0) > 0;
  if (!card || !some) return null;
  return (
    <PanelBlock id="terms" title={t("terms:title")} action={<TermsEdit card={card} />}>
      <TermsBlock card={card} />
    </PanelBlock>
  );
}

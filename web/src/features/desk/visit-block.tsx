// Where the client was when he wrote on a site: the page, how he had come, what he filled in.
import { useTranslation } from "react-i18next";
import type { Visit } from "@/api/types.ts";
import styles from "./panel.module.css";
import { PanelBlock } from "./panel-block.tsx";

export function VisitBlock({ visit }: { visit: Visit }) {
  const { t } = useTranslation();
  const utm = (["source", "medium", "campaign", "content", "term"] as const).flatMap((key) => {
    const value = visit.utm[key];
    return value ? [[t(`desk:visit.utm.${key}`), value] as const] : [];
  });
  const rest = [
    ...Object.entries(visit.fields),
    ...utm,
    [t("desk:visit.address"), visit.address] as const,
    [t("desk:visit.locale"), visit.locale] as const,
  ].filter(([, value]) => value);
  return (
    <PanelBlock id="visit" title={t("desk:visit.title")}>
      <dl className={styles.facts} data-testid="visit">
        {visit.page_url && (
          <>
            <dt>{t("desk:visit.page")}</dt>
            <dd>
              <Away url={visit.page_url} words={visit.page_title || visit.page_url} />
            </dd>
          </>
        )}
        {visit.referrer && (
          <>
            <dt>{t("desk:visit.referrer")}</dt>
            <dd>
              <Away url={visit.referrer} words={visit.referrer} />
            </dd>
          </>
        )}
        {rest.map(([name, value]) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </PanelBlock>
  );
}

/** An address that a visitor's browser told: only one of the web may be followed. */
function Away({ url, words }: { url: string; words: string }) {
  if (!/^https?:\/\//i.test(url)) return <>{words}</>;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener" title={url}>
      {words}
    </a>
  );
}

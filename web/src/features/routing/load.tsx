// How much somebody has of what he may have: by the weights of channels, as the limit counts it.
import { useTranslation } from "react-i18next";

interface Props {
  operator: { open: number; load: number; limit: number };
}

export function Load({ operator: { open, load, limit } }: Props) {
  const { t, i18n } = useTranslation();
  const weighed = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(load);
  return (
    <span className="tnum" title={t("staff:board.loadHelp", { open, load: weighed, limit })}>
      {t("routing:transfer.load", { open: weighed, limit })}
    </span>
  );
}

// The real widget in a frame of our own origin, fed with the settings of the form instead of the stored ones. It talks to nobody.
import { SegmentedControl } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDebounced } from "@/ui/use-debounced.ts";
import styles from "./channels.module.css";
import { previewConfig } from "./site-config.ts";
import { startPreview } from "./site-preview-frame.ts";

export function SitePreview({ settings }: { settings: Record<string, unknown> }) {
  const { t } = useTranslation();
  const frame = useRef<HTMLIFrameElement>(null);
  const [device, setDevice] = useState<"desktop" | "mobile">("desktop");
  const [failed, setFailed] = useState(false);
  const config = useDebounced(JSON.stringify(previewConfig(settings)), 400);
  const labels = useRef({ page: "", answer: "" });
  labels.current = { page: t("channels:preview.page"), answer: t("channels:preview.answer") };

  // biome-ignore lint/correctness/useExhaustiveDependencies: another device is another window for the widget
  useEffect(() => {
    if (!frame.current) return;
    setFailed(false);
    return startPreview(frame.current, JSON.parse(config), labels.current, () => setFailed(true));
  }, [config, device]);

  return (
    <section className={styles.preview} aria-label={t("channels:preview.title")}>
      <header className={styles.previewHead}>
        <h2 className={styles.previewTitle}>{t("channels:preview.title")}</h2>
        <SegmentedControl
          size="xs"
          value={device}
          onChange={(next) => setDevice(next as typeof device)}
          aria-label={t("channels:preview.device")}
          data={(["desktop", "mobile"] as const).map((value) => ({
            value,
            label: (
              <span className={styles.device} title={t(`channels:preview.${value}`)}>
                {value === "desktop" ? (
                  <IconDeviceDesktop size={16} stroke={1.5} />
                ) : (
                  <IconDeviceMobile size={16} stroke={1.5} />
                )}
                <span className="visually-hidden">{t(`channels:preview.${value}`)}</span>
              </span>
            ),
          }))}
        />
      </header>
      <div className={styles.previewStage} data-device={device}>
        <iframe
          key={device}
          ref={frame}
          title={t("channels:preview.title")}
          className={styles.previewFrame}
          data-testid="site-preview"
        />
        {failed && <p className={styles.previewFailed}>{t("channels:preview.failed")}</p>}
      </div>
      <p className={styles.note}>{t("channels:preview.text")}</p>
    </section>
  );
}

// A letter as its reader will see it: headers and a body on white, whatever the theme. Nothing in the body can run or load.
import { useTranslation } from "react-i18next";
import styles from "./letter-preview.module.css";

interface Props {
  from: string;
  subject?: string;
  /** HTML of the body. */
  html: string;
  label: string;
}

const shell = (body: string) => `<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { margin: 0; padding: 16px; background: #fff; color: #1b1c22; font: 14px/21px system-ui, sans-serif; overflow-wrap: anywhere; }
p { margin: 0 0 10px; } a { color: #4c4cc2; } .quiet { color: #666977; }
</style></head><body>${body}</body></html>`;

export function LetterPreview({ from, subject, html, label }: Props) {
  const { t } = useTranslation();
  return (
    <figure className={styles.letter} data-testid="letter-preview">
      <figcaption className={styles.caption}>{label}</figcaption>
      <div className={styles.head}>
        <p>
          <span>{t("common:letter.from")}</span> {from}
        </p>
        {subject !== undefined && (
          <p>
            <span>{t("common:letter.subject")}</span> {subject || t("common:noSubject")}
          </p>
        )}
      </div>
      <iframe className={styles.body} sandbox="" srcDoc={shell(html)} title={label} tabIndex={-1} />
    </figure>
  );
}

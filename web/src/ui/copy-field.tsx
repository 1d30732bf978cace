// Something to be copied whole: a secret, an address.
import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import styles from "./copy-field.module.css";

export function CopyField({ value, label, testId }: { value: string; label: string; testId?: string }) {
  const { t } = useTranslation();
  return (
    <div className={styles.field}>
      <output className={styles.value} aria-label={label} data-testid={testId}>
        {value}
      </output>
      <CopyButton value={value} timeout={2_000}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            onClick={copy}
            leftSection={copied ? <IconCheck size={18} stroke={1.5} /> : <IconCopy size={18} stroke={1.5} />}
          >
            {copied ? t("common:copied") : t("common:copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

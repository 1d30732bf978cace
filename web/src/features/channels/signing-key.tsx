// The key that a site signs its users with: made here, shown until it is saved, replaced with a warning.
import { Button, Group } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelField } from "@/api/types.ts";
import { CopyField } from "@/ui/copy-field.tsx";
import { PasswordField } from "@/ui/password-field.tsx";
import styles from "./channels.module.css";

interface Props {
  field: ChannelField;
  value: string;
  /** There is one already. */
  stored: boolean;
  onChange: (value: string) => void;
  error: string | undefined;
}

/** 32 random bytes in hexadecimal. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function SigningKey({ field, value, stored, onChange, error }: Props) {
  const { t } = useTranslation();
  const [made, setMade] = useState("");
  const shown = made !== "" && value === made;
  return (
    <div>
      {shown ? (
        <CopyField value={made} label={field.label} testId="signing-key" />
      ) : (
        <PasswordField
          label={field.label}
          description={stored ? t("channels:form.keepSecret") : field.help || undefined}
          placeholder={stored ? "••••••••" : undefined}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={error}
          autoComplete="off"
          data-testid={`setting-${field.name}`}
        />
      )}
      <Group gap="xs" mt={8} align="center">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconKey size={14} stroke={1.5} />}
          onClick={() => {
            const key = newKey();
            setMade(key);
            onChange(key);
          }}
          data-testid="make-signing-key"
        >
          {t(stored || shown ? "channels:signingKey.again" : "channels:signingKey.make")}
        </Button>
      </Group>
      {shown && (
        <p className={styles.note} role="status">
          {t("channels:signingKey.made")} {stored && t("channels:signingKey.replaces")}
        </p>
      )}
    </div>
  );
}

// A password with a button that shows it and, for a new one, a hint on its strength.
import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { passwordStrength } from "@/lib/password-strength.ts";
import styles from "./password-field.module.css";

interface Props extends Omit<PasswordInputProps, "value"> {
  value: string;
  /** For a new password: words of the person's own that are easy to guess. */
  personal?: readonly string[];
}

export function PasswordField({ personal, value, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <div>
      <PasswordInput
        value={value}
        autoComplete={personal ? "new-password" : "current-password"}
        visibilityToggleButtonProps={{ "aria-label": t("common:password.show") }}
        {...rest}
      />
      {personal && <Meter password={value} personal={personal} />}
    </div>
  );
}

function Meter({ password, personal }: { password: string; personal: readonly string[] }) {
  const { t } = useTranslation();
  if (password === "") return <p className={styles.hint}>{t("common:password.rule")}</p>;
  const { score, hint } = passwordStrength(password, personal);
  return (
    <>
      <div className={styles.bar} data-score={score} aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <span key={step} data-on={step <= score || undefined} />
        ))}
      </div>
      <p className={styles.hint} aria-live="polite" data-testid="password-strength">
        {t(`common:password.strength.${hint}`)}
      </p>
    </>
  );
}

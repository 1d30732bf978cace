// Which rights a token gets: a tick list by group; only rights the person has are offered.
import { Checkbox } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { groupScopes, withScopes } from "./scopes.ts";
import styles from "./settings.module.css";

interface Props {
  all: string[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  error?: string;
}

export function ScopePicker({ all, chosen, onChange, error }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <fieldset style={{ margin: 0, padding: 0, border: 0 }}>
      <legend className={styles.label} style={{ padding: 0 }}>
        {t("auth:tokens.scopes")}
      </legend>
      {groupScopes(all).map(({ group, scopes }) => {
        const ticked = scopes.filter((scope) => chosen.includes(scope)).length;
        return (
          <div key={group} className={styles.scopeGroup}>
            <Checkbox
              label={t(`auth:scopeGroup.${group}`)}
              styles={{ label: { fontWeight: 500 } }}
              checked={ticked === scopes.length}
              indeterminate={ticked > 0 && ticked < scopes.length}
              onChange={() => onChange(withScopes(all, chosen, scopes, ticked < scopes.length))}
            />
            <div className={styles.scopes}>
              {scopes.map((scope) => (
                <Checkbox
                  key={scope}
                  label={i18n.exists(`auth:scope.${scope}`) ? t(`auth:scope.${scope}`) : scope}
                  description={scope}
                  checked={chosen.includes(scope)}
                  onChange={(event) =>
                    onChange(withScopes(all, chosen, [scope], event.currentTarget.checked))
                  }
                  data-testid={`scope-${scope}`}
                />
              ))}
            </div>
          </div>
        );
      })}
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

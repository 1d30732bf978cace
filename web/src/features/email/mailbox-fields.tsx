// The fields of a mailbox, in the parts both the new and the existing one need.
import { Alert, Checkbox, NativeSelect, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { IconChevronRight, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Mailbox, MailboxPreset } from "@/api/types.ts";
import { PasswordField } from "@/ui/password-field.tsx";
import type { Form } from "@/ui/use-form.ts";
import styles from "./email.module.css";
import type { MailboxValues } from "./mailbox-form.ts";
import { groupsQuery, openLinesQuery } from "./queries.ts";

interface Props {
  form: Form<MailboxValues>;
  preset: MailboxPreset | undefined;
  /** The one that exists already: its secrets may stay as they are. */
  mailbox?: Mailbox;
}

export function AccessFields({ form, preset, mailbox }: Props) {
  const { t } = useTranslation();
  const ways = preset?.auth ?? ["password", "oauth2"];
  const keep = mailbox ? t("email:form.keepSecret") : undefined;
  // What works needs no advice.
  const needsHint = !mailbox || mailbox.state === "broken" || form.values.password !== "";
  return (
    <>
      <TextInput
        label={t("email:form.address")}
        description={t("email:form.addressHelp")}
        type="email"
        autoComplete="off"
        placeholder="support@example.ru"
        {...form.text("address")}
        data-testid="mailbox-address"
      />
      {preset?.hint && needsHint && (
        <Alert
          color="iris"
          variant="light"
          icon={<IconInfoCircle size={18} stroke={1.5} />}
          data-testid="preset-hint"
        >
          {preset.hint}
        </Alert>
      )}
      {(ways.length > 1 || !ways.includes(form.values.auth)) && (
        <div>
          <p className={styles.label} id="mailbox-auth">
            {t("email:form.auth")}
          </p>
          <SegmentedControl
            aria-labelledby="mailbox-auth"
            value={form.values.auth}
            data={(["password", "oauth2"] as const).map((value) => ({
              value,
              label: t(`email:form.auths.${value}`),
            }))}
            onChange={(auth) => form.set({ auth: auth as MailboxValues["auth"] })}
            data-testid="mailbox-auth"
          />
        </div>
      )}
      {form.values.auth === "password" ? (
        <PasswordField
          label={t(preset && preset.key !== "custom" ? "email:form.appPassword" : "email:form.password")}
          placeholder={mailbox?.has_secret ? "••••••••" : undefined}
          description={mailbox?.has_secret ? keep : undefined}
          {...form.text("password")}
          autoComplete="off"
          data-testid="mailbox-password"
        />
      ) : (
        <OauthFields form={form} preset={preset} mailbox={mailbox} />
      )}
    </>
  );
}

function OauthFields({ form, mailbox }: Props) {
  const { t } = useTranslation();
  const stored = mailbox?.oauth?.has_refresh_token ?? false;
  const keep = t("email:form.keepSecret");
  return (
    <>
      <p className={styles.note}>{t("email:oauth.text")}</p>
      <TextInput
        label={t("email:oauth.clientId")}
        autoComplete="off"
        {...form.text("oauth_client_id")}
        data-testid="oauth-client-id"
      />
      <PasswordField
        label={t("email:oauth.clientSecret")}
        description={stored ? keep : t("email:oauth.clientSecretHelp")}
        {...form.text("oauth_client_secret")}
        autoComplete="off"
      />
      <PasswordField
        label={t("email:oauth.refreshToken")}
        description={stored ? keep : t("email:oauth.refreshTokenHelp")}
        {...form.text("oauth_refresh_token")}
        autoComplete="off"
        data-testid="oauth-refresh-token"
      />
      <TextInput label={t("email:oauth.tokenUrl")} {...form.text("oauth_token_url")} />
      <TextInput label={t("email:oauth.scope")} {...form.text("oauth_scope")} />
    </>
  );
}

const securities = ["tls", "starttls", "none"] as const;
const serverKeys = /^(imap|smtp)_/;

export function ServerFields({ form, preset }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const wrong = Object.keys(form.errors).some((key) => serverKeys.test(key));
  const shown = opened || wrong || preset?.key === "custom";
  const { imap_host, smtp_host } = form.values;
  const security = securities.map((value) => ({ value, label: t(`email:form.securities.${value}`) }));
  return (
    <div>
      {preset?.key !== "custom" && (
        <button
          type="button"
          className={styles.fold}
          aria-expanded={shown}
          onClick={() => setOpened(!opened)}
          data-testid="mailbox-servers"
        >
          <IconChevronRight size={16} stroke={1.75} />
          {t("email:form.servers")}
          {!shown && imap_host && ` (${imap_host}, ${smtp_host})`}
        </button>
      )}
      {shown && (
        <div className={styles.servers} style={preset?.key === "custom" ? { paddingTop: 0 } : undefined}>
          <div className={styles.server}>
            <TextInput
              label={t("email:form.imapHost")}
              placeholder="imap.example.ru"
              {...form.text("imap_host")}
              data-testid="imap-host"
            />
            <TextInput
              label={t("email:form.port")}
              inputMode="numeric"
              {...form.text("imap_port")}
              data-testid="imap-port"
            />
            <NativeSelect
              label={t("email:form.security")}
              data={security}
              {...form.text("imap_security")}
              data-testid="imap-security"
            />
          </div>
          <div className={styles.pair}>
            <TextInput
              label={t("email:form.login")}
              placeholder={form.values.address || t("email:form.loginHelp")}
              autoComplete="off"
              {...form.text("imap_login")}
              data-testid="imap-login"
            />
            <TextInput label={t("email:form.folder")} {...form.text("imap_folder")} />
          </div>
          <div className={styles.server}>
            <TextInput
              label={t("email:form.smtpHost")}
              placeholder="smtp.example.ru"
              {...form.text("smtp_host")}
              data-testid="smtp-host"
            />
            <TextInput
              label={t("email:form.port")}
              inputMode="numeric"
              {...form.text("smtp_port")}
              data-testid="smtp-port"
            />
            <NativeSelect
              label={t("email:form.security")}
              data={security}
              {...form.text("smtp_security")}
              data-testid="smtp-security"
            />
          </div>
          {(form.values.imap_security === "none" || form.values.smtp_security === "none") && (
            <Alert color="yellow">{t("email:form.insecure")}</Alert>
          )}
          <Checkbox
            label={t("email:form.smtpOwn")}
            description={t("email:form.smtpOwnHelp")}
            {...form.flag("smtp_own")}
          />
          {form.values.smtp_own && (
            <div className={styles.pair}>
              <TextInput
                label={t("email:form.smtpLogin")}
                autoComplete="off"
                {...form.text("smtp_login")}
                data-testid="smtp-login"
              />
              <PasswordField
                label={t("email:form.smtpPassword")}
                {...form.text("smtp_password")}
                autoComplete="off"
              />
            </div>
          )}
          <Switch
            label={t("email:form.subAddressing")}
            description={t("email:form.subAddressingHelp")}
            {...form.flag("sub_addressing")}
          />
          <Switch
            label={t("email:form.saveSent")}
            description={t("email:form.saveSentHelp")}
            {...form.flag("save_sent")}
          />
          <TextInput
            label={t("email:form.poll")}
            description={t("email:form.pollHelp")}
            inputMode="numeric"
            {...form.text("poll_seconds")}
          />
        </div>
      )}
    </div>
  );
}

export function LineFields({ form }: { form: Form<MailboxValues> }) {
  const { t } = useTranslation();
  const lines = useQuery(openLinesQuery);
  const groups = useQuery(groupsQuery);
  const line = lines.data?.items.find((each) => each.id === form.values.line_id);
  // Only groups that work on the line may get its conversations.
  const offered = (groups.data?.items ?? []).filter((group) =>
    line?.operator_groups.some((each) => each.id === group.id),
  );
  return (
    <>
      <NativeSelect
        label={t("email:form.line")}
        description={t("email:form.lineHelp")}
        data={[
          { value: "", label: t("email:form.chooseLine"), disabled: true },
          ...(lines.data?.items ?? []).map((each) => ({ value: each.id, label: each.name })),
        ]}
        {...form.text("line_id")}
        onChange={(event) => form.set({ line_id: event.currentTarget.value, group_id: "" })}
        data-testid="mailbox-line"
      />
      <NativeSelect
        label={t("email:form.group")}
        description={t("email:form.groupHelp")}
        data={[
          { value: "", label: t("email:form.allGroups") },
          ...offered.map((group) => ({ value: group.id, label: group.name })),
        ]}
        disabled={offered.length === 0}
        {...form.text("group_id")}
        data-testid="mailbox-group"
      />
      <TextInput
        label={t("email:form.fromName")}
        description={t("email:form.fromNameHelp")}
        placeholder={line?.public_name || line?.name}
        {...form.text("from_name")}
        data-testid="mailbox-from-name"
      />
      <TextInput
        label={t("email:form.name")}
        description={t("email:form.nameHelp")}
        placeholder={form.values.address}
        {...form.text("name")}
        data-testid="mailbox-name"
      />
    </>
  );
}

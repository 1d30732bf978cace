// The made-up message: what is written, by which channel, by whom, when.
import { Anchor, Collapse, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { ChannelKindName, Id } from "@/api/types.ts";
import { currentLocale } from "@/i18n/index.ts";
import { offsetName, zoneCity, zoneOffset } from "@/lib/time-zones.ts";
import { ClientPicker } from "./client-picker.tsx";
import { channelNamesQuery } from "./queries.ts";
import styles from "./try.module.css";
import { type Asked, utmParts } from "./try-model.ts";
import type { Attribute } from "./types.ts";

interface Props {
  line: Id;
  zone: string;
  attributes: readonly Attribute[];
  asked: Asked;
  onAsk: (change: Partial<Asked>) => void;
}

export function TryForm({ line, zone, attributes, asked, onAsk }: Props) {
  const { t } = useTranslation();
  const [more, setMore] = useState(false);
  const can = useCan();
  const channels = useQuery({ ...channelNamesQuery, enabled: can("channels.manage") });
  const kinds = attributes.find(({ key }) => key === "channel")?.options ?? [];
  const connected = (channels.data ?? []).filter(
    (channel) => channel.line.id === line && channel.kind === asked.channel,
  );
  const text = (key: "text" | "subject" | "account" | "client_name" | "page_url" | "referrer") => ({
    value: asked[key],
    onChange: (event: { currentTarget: { value: string } }) => onAsk({ [key]: event.currentTarget.value }),
    "data-testid": `try-${key.replace("_", "-")}`,
  });
  return (
    <section className={styles.form} aria-label={t("rules:try.message")} data-testid="try-form">
      <Textarea
        label={t("rules:try.text")}
        placeholder={t("rules:try.textExample")}
        autosize
        minRows={3}
        maxRows={10}
        {...text("text")}
      />
      <NativeSelect
        label={t("rules:try.channel")}
        data={kinds.map(({ value, label }) => ({ value, label }))}
        value={asked.channel}
        onChange={(event) => onAsk({ channel: event.currentTarget.value as ChannelKindName, channel_id: "" })}
        data-testid="try-channel"
      />
      {connected.length > 0 && (
        <NativeSelect
          label={t("rules:try.connected")}
          data={[
            { value: "", label: t("rules:try.anyChannel") },
            ...connected.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={asked.channel_id}
          onChange={(event) => onAsk({ channel_id: event.currentTarget.value })}
        />
      )}
      <TextInput label={t("rules:try.subject")} {...text("subject")} />
      <ClientPicker line={line} chosen={asked.contact_id} onChange={(contact_id) => onAsk({ contact_id })} />
      {asked.contact_id === "" && (
        <div className={styles.pair}>
          <TextInput
            label={t("rules:try.account")}
            placeholder={t("rules:try.accountExample")}
            {...text("account")}
          />
          <TextInput label={t("rules:try.clientName")} {...text("client_name")} />
        </div>
      )}
      <TextInput
        type="datetime-local"
        label={t("rules:try.at")}
        description={t("rules:try.atHelp", { zone: zoneName(zone) })}
        inputWrapperOrder={["label", "input", "description", "error"]}
        value={asked.at}
        onChange={(event) => onAsk({ at: event.currentTarget.value })}
        data-testid="try-at"
      />
      <Anchor
        component="button"
        type="button"
        size="sm"
        aria-expanded={more}
        onClick={() => setMore((old) => !old)}
      >
        {t(more ? "rules:try.less" : "rules:try.more")}
      </Anchor>
      <Collapse expanded={more}>
        <div className={styles.fields}>
          <TextInput label={t("rules:try.pageUrl")} {...text("page_url")} />
          <TextInput label={t("rules:try.referrer")} {...text("referrer")} />
          <NativeSelect
            label={t("rules:try.language")}
            data={[
              { value: "", label: t("rules:try.languageUnknown") },
              { value: "ru", label: t("rules:try.ru") },
              { value: "en", label: t("rules:try.en") },
            ]}
            value={asked.language}
            onChange={(event) => onAsk({ language: event.currentTarget.value })}
          />
          <div className={styles.pair}>
            {utmParts.map((part) => (
              <TextInput
                key={part}
                label={`utm_${part}`}
                value={asked.utm[part]}
                onChange={(event) => onAsk({ utm: { ...asked.utm, [part]: event.currentTarget.value } })}
              />
            ))}
          </div>
        </div>
      </Collapse>
    </section>
  );
}

function zoneName(zone: string): string {
  return `${zoneCity(zone, currentLocale())}, ${offsetName(zoneOffset(zone, new Date()) ?? 0)}`;
}

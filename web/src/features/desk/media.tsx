// What a message of a messenger has besides its words: a quote, a voice, films, stickers, a place, cards, buttons.
import {
  IconAddressBook,
  IconArrowForwardUp,
  IconHandClick,
  IconMapPin,
  IconTemplate,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Attachment, KeyboardButton, Message, Quote } from "@/api/types.ts";
import { Attachments } from "./attachments.tsx";
import styles from "./media.module.css";
import { mapAddress, sortMedia } from "./media.ts";
import { VoicePlayer } from "./voice-player.tsx";

const icon = { size: 14, stroke: 1.5 } as const;

/** The message that this one answers; leads to it. */
export function QuotedWords({ quote, onJump }: { quote: Quote; onJump: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className={styles.quote} onClick={onJump} data-testid="quote">
      <strong>{quote.author_name}</strong>
      <span>{quote.preview || t("desk:message.blank")}</span>
    </button>
  );
}

/** Over the words: where they come from. */
export function Origin({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { extra } = message;
  if (!extra) return null;
  return (
    <>
      {extra.forwarded_from && (
        <p className={styles.from}>
          <IconArrowForwardUp {...icon} /> {t("desk:message.forwardedFrom", { name: extra.forwarded_from })}
        </p>
      )}
      {extra.pressed && (
        <p className={styles.from}>
          <IconHandClick {...icon} /> {t("desk:message.pressed", { title: extra.pressed })}
        </p>
      )}
      {extra.template && (
        <p className={styles.from}>
          <IconTemplate {...icon} /> {t("desk:message.template", { name: extra.template.name })}
        </p>
      )}
    </>
  );
}

export function Media({ items }: { items: readonly Attachment[] }) {
  const { voices, films, stickers, rest } = sortMedia(items);
  return (
    <>
      {stickers.map((sticker) =>
        sticker.content_type.startsWith("video/") ? (
          <video
            key={sticker.id}
            className={styles.sticker}
            src={sticker.url}
            autoPlay
            loop
            muted
            playsInline
          />
        ) : (
          <img
            key={sticker.id}
            className={styles.sticker}
            src={`${sticker.url}?inline=1`}
            alt={sticker.name}
            loading="lazy"
          />
        ),
      )}
      {voices.map((voice) => (
        <VoicePlayer key={voice.id} voice={voice} />
      ))}
      {films.map((film) => (
        // biome-ignore lint/a11y/useMediaCaption: nobody has written down what is said in it
        <video
          key={film.id}
          className={styles.film}
          data-round={film.media === "video_note" || undefined}
          src={film.preview_url ?? film.url}
          controls
          preload="metadata"
          loop={film.media === "animation"}
          playsInline
        />
      ))}
      <Attachments items={rest} />
    </>
  );
}

/** Under the words: a place, business cards. */
export function Cards({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { extra } = message;
  if (!extra) return null;
  const { location, contacts } = extra;
  return (
    <>
      {location && (
        <a
          className={styles.card}
          href={mapAddress(location.latitude, location.longitude)}
          target="_blank"
          rel="noreferrer"
          data-testid="location"
        >
          <IconMapPin size={20} stroke={1.5} />
          <span className={styles.cardWords}>
            {location.title || t("desk:message.location")}
            <small className="tnum">
              {location.latitude.toFixed(5)}, {location.longitude.toFixed(5)}
            </small>
          </span>
        </a>
      )}
      {contacts?.map((card) => (
        <div key={`${card.name}${card.phone}`} className={styles.card}>
          <IconAddressBook size={20} stroke={1.5} />
          <span className={styles.cardWords}>
            {card.name}
            <small>
              <a href={`tel:${card.phone}`}>{card.phone}</a>
            </small>
          </span>
        </div>
      ))}
    </>
  );
}

export function KeyboardShown({ rows }: { rows: readonly KeyboardButton[][] }) {
  const { t } = useTranslation();
  if (rows.length === 0) return null;
  return (
    <fieldset className={styles.keyboard} style={{ border: 0, padding: 0, marginInline: 0 }}>
      <legend className="visually-hidden">{t("desk:keyboard.title")}</legend>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows never move
        <div key={index} className={styles.keys}>
          {row.map((button) => (
            <span key={button.title} className={styles.key} title={button.url ?? undefined}>
              {button.title}
            </span>
          ))}
        </div>
      ))}
    </fieldset>
  );
}

// A voice message: play, the line of time, and how fast.
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types.ts";
import { readStored, writeStored } from "@/lib/storage.ts";
import styles from "./media.module.css";
import { minutes, nextSpeed } from "./media.ts";

const speedKey = "otklik.speed";

export function VoicePlayer({ voice }: { voice: Attachment }) {
  const { t, i18n } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState((voice.duration_ms ?? 0) / 1000);
  const [speed, setSpeed] = useState(() => readStored(speedKey, 1));
  const [failed, setFailed] = useState(false);
  const toggle = () => {
    const player = audio.current;
    if (!player) return;
    player.playbackRate = speed;
    if (player.paused) player.play().catch(() => setFailed(true));
    else player.pause();
  };
  const hasten = () => {
    const next = nextSpeed(speed);
    setSpeed(next);
    writeStored(speedKey, next);
    if (audio.current) audio.current.playbackRate = next;
  };
  return (
    <div className={styles.voice} data-testid="voice">
      {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down what the client says */}
      <audio
        ref={audio}
        src={voice.preview_url ?? voice.url}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onError={() => setFailed(true)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => {
          const found = event.currentTarget.duration;
          if (Number.isFinite(found)) setLength(found);
        }}
      />
      <button
        type="button"
        className={styles.play}
        onClick={toggle}
        aria-label={t(playing ? "desk:voice.pause" : "desk:voice.play")}
      >
        {playing ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
      </button>
      <input
        type="range"
        className={styles.track}
        min={0}
        max={Math.max(length, 0.1)}
        step={0.1}
        value={Math.min(at, length)}
        aria-label={t("desk:voice.position")}
        aria-valuetext={minutes(at)}
        style={{ "--part": `${length > 0 ? (at / length) * 100 : 0}%` } as React.CSSProperties}
        onChange={(event) => {
          const next = Number(event.currentTarget.value);
          setAt(next);
          if (audio.current) audio.current.currentTime = next;
        }}
      />
      <span className={styles.length}>{minutes(playing || at > 0 ? at : length)}</span>
      <button
        type="button"
        className={styles.speed}
        onClick={hasten}
        aria-label={t("desk:voice.speed", { speed: speed.toLocaleString(i18n.language) })}
      >
        {speed.toLocaleString(i18n.language)}×
      </button>
      {failed && (
        <a className={styles.fallback} href={voice.url} download={voice.name}>
          {t("desk:voice.download")}
        </a>
      )}
    </div>
  );
}

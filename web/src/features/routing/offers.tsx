// What is offered to me now, over every page. The first to accept has the conversation; the others read who it was.
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { ConversationRow, Person } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { useLiveEvents } from "@/ui/use-live.ts";
import { partLeft, secondsLeft } from "./logic.ts";
import { offersQuery } from "./queries.ts";
import styles from "./routing.module.css";
import type { Offer } from "./types.ts";

export function Offers() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const { data: offers = [] } = useQuery(offersQuery);
  const refresh = () => void client.invalidateQueries({ queryKey: offersQuery.queryKey });
  useLiveEvents(
    ["offer_made", "offer_ended", "offer_declined"],
    (event) => {
      const shown = offers.some((offer) => offer.id === event.data?.offer_id);
      const winner = event.data?.accepted_by as Person | null | undefined;
      if (shown && event.kind === "offer_ended" && winner && winner.id !== me.id)
        notifyDone(t("routing:offer.taken", { name: winner.name }));
      refresh();
    },
    refresh,
  );
  if (offers.length === 0) return null;
  return (
    <section className={styles.offers} aria-label={t("routing:offer.title")} aria-live="polite">
      {offers.slice(0, 3).map((offer) => (
        <OfferCard key={offer.id} offer={offer} onDone={refresh} />
      ))}
    </section>
  );
}

function OfferCard({ offer, onDone }: { offer: Offer; onDone: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [now, setNow] = useState(Date.now);
  const [busy, setBusy] = useState(false);
  const { conversation } = offer;
  const left = secondsLeft(offer, now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);

  const answer = async (send: () => Promise<void>) => {
    setBusy(true);
    try {
      await send();
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
      onDone();
    }
  };
  const accept = () =>
    answer(async () => {
      const row = await post<ConversationRow>(`/offers/${offer.id}/accept`);
      await navigate({ to: "/c/$view/$conversationId", params: { view: "mine", conversationId: row.id } });
    });

  return (
    <article className={styles.offer} data-testid="offer">
      <div className={styles.offerHead}>
        <Avatar
          name={conversation.contact.name}
          color={conversation.contact.avatar_color}
          mark={<ChannelMark kind={conversation.channel} size={12} colored />}
        />
        <div className={styles.offerWho}>
          <p className={styles.strong}>{conversation.contact.name}</p>
          <p className={styles.muted}>{conversation.line.name}</p>
        </div>
        <svg
          className={styles.ring}
          viewBox="0 0 36 36"
          role="timer"
          aria-label={t("routing:offer.left", { count: left })}
        >
          <circle cx="18" cy="18" r="16" pathLength="1" />
          <circle
            cx="18"
            cy="18"
            r="16"
            pathLength="1"
            strokeDasharray={`${partLeft(offer, now)} 1`}
            data-left
          />
          <text x="18" y="22" textAnchor="middle" className="tnum">
            {left}
          </text>
        </svg>
      </div>
      <p className={styles.offerText}>
        {conversation.preview || conversation.subject || t("common:noSubject")}
      </p>
      <div className={styles.offerActions}>
        <Button
          variant="default"
          disabled={busy}
          onClick={() => void answer(() => post(`/offers/${offer.id}/decline`))}
          data-testid="offer-decline"
        >
          {t("routing:offer.decline")}
        </Button>
        <Button loading={busy} onClick={() => void accept()} data-testid="offer-accept">
          {t("routing:offer.accept")}
        </Button>
      </div>
    </article>
  );
}

// Everything that was ever said with a client, over all channels and conversations, in one line of time.
import { Button, Modal, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "@/api/http.ts";
import type { ClientTimeline, ContactRef } from "@/api/types.ts";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./client-timeline.module.css";

export default function ClientTimelineDialog({
  contact,
  onClose,
}: {
  contact: ContactRef;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: ["contact", contact.id, "timeline"],
    queryFn: ({ pageParam, signal }) =>
      get<ClientTimeline>(`/contacts/${contact.id}/timeline`, { before: pageParam, limit: 50 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  // Each page is older than the one before it; inside a page the oldest comes first.
  const pages = [...(query.data?.pages ?? [])].reverse();
  const items = pages.flatMap((page) => page.items);
  const conversations = new Map(pages.flatMap((page) => page.conversations).map((each) => [each.id, each]));
  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      title={t("desk:clientTimeline.title", { name: contact.name })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {query.error && items.length === 0 ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} compact />
      ) : query.isPending ? (
        <Delayed>
          <Skeleton height={48} />
          <Skeleton height={48} mt={8} />
        </Delayed>
      ) : items.length === 0 ? (
        <EmptyState title={t("desk:clientTimeline.empty")} compact />
      ) : (
        <>
          {query.hasNextPage && (
            <div className={styles.older}>
              <Button
                size="xs"
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t("desk:timeline.older")}
              </Button>
            </div>
          )}
          <ol className={styles.list} data-testid="client-timeline">
            {items.map((message) => {
              const conversation = conversations.get(message.conversation_id);
              return (
                <li key={message.id} className={styles.item} data-kind={message.kind}>
                  <span className={styles.mark} title={t(`channels:kind.${message.channel}`)}>
                    <ChannelMark kind={message.channel} size={18} colored />
                    <span className="visually-hidden">{t(`channels:kind.${message.channel}`)}</span>
                  </span>
                  <div className={styles.words}>
                    <p className={styles.head}>
                      <strong>
                        {message.author.name ||
                          (message.automatic && t(`desk:automatic.${message.automatic}`))}
                      </strong>
                      <Moment at={message.created_at} long />
                      {conversation && (
                        <Link
                          to="/c/$view/$conversationId"
                          params={{ view: "all", conversationId: conversation.id }}
                          onClick={onClose}
                        >
                          {conversation.number}
                          {conversation.subject && ` · ${conversation.subject}`}
                        </Link>
                      )}
                    </p>
                    <p className={styles.text} data-deleted={message.deleted_at !== null || undefined}>
                      {message.text.trim() ||
                        (message.attachments.length > 0
                          ? message.attachments.map((each) => each.name).join(", ")
                          : t("desk:message.blank"))}
                    </p>
                  </div>
                </li>
              );
            })}
          </ol>
        </>
      )}
    </Modal>
  );
}

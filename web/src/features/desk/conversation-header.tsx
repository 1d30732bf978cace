// The head of a conversation: subject (edited in place), number, status, owner, and what can be done with it.
import { Button } from "@mantine/core";
import {
  IconArrowForwardUp,
  IconArrowLeft,
  IconCheck,
  IconEyeOff,
  IconHandGrab,
  IconLayoutSidebarRight,
  IconList,
  IconListDetails,
  IconRotate,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import type { Conversation } from "@/api/types.ts";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { DueBadge } from "@/ui/due-badge.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { setSilent } from "@/ui/use-silent.ts";
import type { Commands } from "./commands.ts";
import styles from "./conversation-header.module.css";
import { MuteButton } from "./mute-button.tsx";
import { OwnerPicker } from "./owner-picker.tsx";
import { PriorityMenu } from "./priority-menu.tsx";
import { SnoozeMenu } from "./snooze-menu.tsx";
import { StatusMenu } from "./status-menu.tsx";
import { SubjectField } from "./subject-field.tsx";
import { useTalk } from "./talk.tsx";
import { TransferDialog } from "./transfer-dialog.tsx";
import { Viewers } from "./viewers.tsx";

export type HeaderMenu = "owner" | "status" | "snooze" | null;

interface Props {
  conversation: Conversation;
  commands: Commands;
  menu: HeaderMenu;
  onMenu: (menu: HeaderMenu) => void;
  panelOpen: boolean;
  onPanel: () => void;
  onBack?: () => void;
}

export function ConversationHeader({
  conversation,
  commands,
  menu,
  onMenu,
  panelOpen,
  onPanel,
  onBack,
}: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const { id, can, status, assignee } = conversation;
  const [transferring, setTransferring] = useState(false);
  const { presence, events, toggleEvents, silent } = useTalk();
  const menuProps = (which: HeaderMenu) => ({
    opened: menu === which,
    onChange: (opened: boolean) => onMenu(opened ? which : null),
  });
  return (
    <header className={styles.header}>
      {onBack && (
        <IconButton label={t("desk:header.back")} size={44} onClick={onBack} data-testid="back">
          <IconArrowLeft size={20} stroke={1.5} />
        </IconButton>
      )}
      <div className={styles.what}>
        <SubjectField
          key={conversation.subject}
          subject={conversation.subject}
          editable={can.close}
          onSave={(subject) => void commands.rename(id, subject)}
        />
        <div className={styles.meta}>
          <span title={t(`channels:kind.${conversation.channel}`)} className={styles.channel}>
            <ChannelMark kind={conversation.channel} size={15} colored />
          </span>
          <span className="tnum" data-testid="conversation-number">
            {conversation.number}
          </span>
          <StatusMenu
            conversation={conversation}
            commands={commands}
            onSnooze={() => onMenu("snooze")}
            {...menuProps("status")}
          />
          {conversation.due && <DueBadge due={conversation.due} />}
          <PriorityMenu conversation={conversation} commands={commands} />
          <span className={styles.line} title={conversation.line.name}>
            {conversation.line.name}
          </span>
        </div>
      </div>
      <Viewers faces={presence.faces} />
      <div className={styles.actions}>
        {silent && (
          <IconButton
            label={t("staff:silent.on")}
            onClick={() => setSilent(false)}
            className={styles.silent}
            data-testid="silent-now"
          >
            <IconEyeOff size={18} stroke={1.5} />
          </IconButton>
        )}
        <IconButton
          label={t(events ? "desk:events.hide" : "desk:events.show")}
          keys="y"
          onClick={toggleEvents}
          aria-pressed={!events}
          className={styles.events}
          data-testid="toggle-events"
        >
          {events ? <IconListDetails size={18} stroke={1.5} /> : <IconList size={18} stroke={1.5} />}
        </IconButton>
        <MuteButton id={id} className={styles.mute} />
        {can.assign && !assignee && status !== "closed" && (
          <Button
            size="xs"
            className={styles.wide}
            leftSection={<IconHandGrab size={16} stroke={1.5} />}
            onClick={() => void commands.take(id)}
            data-testid="take-button"
          >
            {t("common:keys.t")}
          </Button>
        )}
        <OwnerPicker conversation={conversation} commands={commands} me={me.id} {...menuProps("owner")} />
        {can.assign && status === "open" && (
          <IconButton
            label={t("routing:transfer.action")}
            onClick={() => setTransferring(true)}
            data-testid="transfer-button"
          >
            <IconArrowForwardUp size={18} stroke={1.5} />
          </IconButton>
        )}
        {can.close && <SnoozeMenu conversation={conversation} commands={commands} {...menuProps("snooze")} />}
        {can.close &&
          (status === "closed" ? (
            <IconButton
              label={t("desk:header.reopen")}
              keys="e"
              onClick={() => void commands.reopen(id)}
              data-testid="reopen-button"
            >
              <IconRotate size={18} stroke={1.5} />
            </IconButton>
          ) : (
            <IconButton
              label={t("common:keys.e")}
              keys="e"
              onClick={() => void commands.close(id)}
              data-testid="close-button"
            >
              <IconCheck size={20} stroke={1.5} />
            </IconButton>
          ))}
      </div>
      <IconButton
        label={t(panelOpen ? "common:keys.right" : "desk:header.openPanel")}
        keys="]"
        onClick={onPanel}
        aria-pressed={panelOpen}
        className={styles.panel}
        data-testid="toggle-panel"
      >
        <IconLayoutSidebarRight size={18} stroke={1.5} />
      </IconButton>
      {transferring && <TransferDialog conversation={conversation} onClose={() => setTransferring(false)} />}
    </header>
  );
}

// What else can be done with a service or a catalogue: moved among its neighbours, to another catalogue, put away.
import { Menu } from "@mantine/core";
import {
  IconArchive,
  IconArrowBackUp,
  IconArrowDown,
  IconArrowUp,
  IconDots,
  IconFolderSymlink,
  IconPlugConnectedX,
  IconSettings,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Id, Service, ServiceCatalogue } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { type Commands, type Kind, neighbours } from "./use-services.ts";

export interface OfProps {
  kind: Kind;
  of: Pick<Service, "id" | "name" | "archived">;
  commands: Commands;
}

interface Props extends OfProps {
  /** Its neighbours and itself, in their order. */
  ids: readonly Id[];
  /** Where else it may go. */
  folders: readonly ServiceCatalogue[];
  /** Opens what else is said of it. */
  onSettings?: () => void;
}

const icon = { size: 18, stroke: 1.5 } as const;

export function ServiceMenu({ kind, of, ids, folders, commands, onSettings }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { up, down } = neighbours(ids, of.id);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton label={t("admin:services.menu", { name: of.name })} size={32} data-testid="service-menu">
          <IconDots {...icon} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp {...icon} />}
          disabled={up === undefined}
          onClick={() => commands.change(kind, of.id, { before: up })}
        >
          {t("admin:services.up")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown {...icon} />}
          disabled={down === undefined}
          onClick={() => commands.change(kind, of.id, { before: down })}
        >
          {t("admin:services.down")}
        </Menu.Item>
        {folders.length > 0 && <Menu.Label>{t("admin:services.moveTo")}</Menu.Label>}
        {folders.map((folder) => (
          <Menu.Item
            key={folder.id}
            leftSection={<IconFolderSymlink {...icon} />}
            onClick={() => commands.change(kind, of.id, { catalogue_id: folder.id })}
          >
            {folder.name}
          </Menu.Item>
        ))}
        {onSettings && (
          <Menu.Item
            leftSection={<IconSettings {...icon} />}
            onClick={onSettings}
            data-testid="service-settings"
          >
            {t("terms:service.settings")}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconPlugConnectedX {...icon} />}
          onClick={() =>
            void navigate({
              to: "/admin/outages",
              search: { about: `${kind === "services" ? "service" : "catalogue"}:${of.id}` },
            })
          }
        >
          {t("terms:service.outages")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={of.archived ? <IconArrowBackUp {...icon} /> : <IconArchive {...icon} />}
          onClick={() => commands.change(kind, of.id, { archived: !of.archived })}
          data-testid="service-archive"
        >
          {t(of.archived ? "admin:services.restore" : "admin:services.archive")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

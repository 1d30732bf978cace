// What can be done with a rule besides editing it.
import { Menu } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/ui/icon-button.tsx";

const small = { size: 18, stroke: 1.5 } as const;

interface Props {
  first: boolean;
  last: boolean;
  onMove: (step: -1 | 1) => void;
  onCopy: () => void;
  onDrop: () => void;
}

export function RuleMenu({ first, last, onMove, onCopy, onDrop }: Props) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <IconButton label={t("rules:list.more")} data-testid="rule-more">
          <IconDots {...small} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp {...small} />}
          disabled={first}
          onClick={() => onMove(-1)}
          data-testid="rule-up"
        >
          {t("rules:list.up")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown {...small} />}
          disabled={last}
          onClick={() => onMove(1)}
          data-testid="rule-down"
        >
          {t("rules:list.down")}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy {...small} />} onClick={onCopy} data-testid="rule-copy">
          {t("rules:list.copy")}
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconTrash {...small} />}
          onClick={onDrop}
          data-testid="rule-delete"
        >
          {t("rules:list.delete")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

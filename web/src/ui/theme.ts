// How Mantine's parts take on our tokens. Sizes, radii and colours are decided here once, not at each use.
import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
  Tooltip,
} from "@mantine/core";

const iris: MantineColorsTuple = [
  "#f1f1fd",
  "#e0e0fa",
  "#c6c5f4",
  "#a9a7f7",
  "#8e8cf0",
  "#6b68da",
  "#5b5bd6",
  "#4f4fc9",
  "#4343b0",
  "#333389",
];

/** Mantine's own greys of the dark theme, from text to canvas, in our tones. */
const dark: MantineColorsTuple = [
  "#ededf0",
  "#c4c6d0",
  "#a8abb8",
  "#9093a1",
  "#3c3e49",
  "#292a32",
  "#1b1c21",
  "#17181c",
  "#121316",
  "#0e0f11",
];

/** What lies under a dialog. */
export const scrim = { color: "var(--scrim)", backgroundOpacity: 1 } as const;

const transitionProps = { duration: 140, transition: "fade" } as const;

export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 6, dark: 5 },
  colors: { iris, dark },
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--font-mono)",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "16px", sm: "18px", md: "20px", lg: "24px", xl: "28px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "28px" },
      h2: { fontSize: "16px", lineHeight: "24px" },
      h3: { fontSize: "14px", lineHeight: "20px" },
    },
  },
  components: {
    Button: Button.extend({
      defaultProps: { size: "sm" },
      styles: { root: { fontWeight: 500, fontSize: 14 } },
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray", size: 32 } }),
    Input: Input.extend({ defaultProps: { size: "sm" } }),
    Menu: Menu.extend({
      // The first item takes the focus; an empty placeholder in a menu confuses screen readers.
      defaultProps: {
        withInitialFocusPlaceholder: false,
        shadow: "md",
        radius: "md",
        transitionProps,
        position: "bottom-start",
      },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: "md", radius: "md", transitionProps } }),
    Modal: Modal.extend({
      defaultProps: {
        radius: "lg",
        centered: true,
        transitionProps,
        overlayProps: scrim,
      },
      styles: { title: { fontWeight: 600, fontSize: 16, lineHeight: "24px" } },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 400, transitionProps, withArrow: false, radius: "sm" },
    }),
  },
});

const shared = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-bright": "var(--text)",
  "--mantine-color-dimmed": "var(--text-2)",
  "--mantine-color-placeholder": "var(--text-3)",
  "--mantine-color-anchor": "var(--accent-text)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--border-strong)",
  "--mantine-color-error": "var(--danger)",
  "--mantine-color-disabled": "var(--hover)",
  "--mantine-color-disabled-color": "var(--text-3)",
  "--mantine-color-disabled-border": "var(--border)",
  "--mantine-color-gray-light-color": "var(--text-2)",
  "--mantine-color-gray-light": "var(--hover)",
  "--mantine-color-gray-light-hover": "var(--hover)",
  "--mantine-color-iris-light": "var(--accent-soft)",
  "--mantine-color-iris-light-hover": "var(--selected)",
  "--mantine-color-iris-light-color": "var(--accent-text)",
  "--mantine-color-iris-outline": "var(--accent-text)",
  "--mantine-color-red-filled": "#c62a35",
  "--mantine-color-red-filled-hover": "#b4232c",
  "--mantine-color-red-text": "var(--danger)",
  "--mantine-color-red-light": "var(--danger-soft)",
  "--mantine-color-red-light-hover": "var(--danger-soft)",
  "--mantine-color-red-light-color": "var(--danger)",
  "--mantine-color-yellow-light": "var(--warning-soft)",
  "--mantine-color-yellow-light-color": "var(--warning)",
  "--mantine-color-green-light": "var(--success-soft)",
  "--mantine-color-green-light-color": "var(--success)",
  "--mantine-shadow-md": "var(--shadow)",
  "--mantine-shadow-xl": "var(--shadow)",
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: shared,
});

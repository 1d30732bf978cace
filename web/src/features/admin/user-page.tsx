// One member of staff: name, role, groups, a new password, blocking.
import { Alert, Button } from "@mantine/core";
import { IconGauge, IconLock, IconLockOpen } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import { meQuery, useMe } from "@/api/me.ts";
import type { User } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { userQuery } from "./queries.ts";
import { GroupsField, NameFields, NewPassword, RoleField } from "./user-fields.tsx";
import { checkUser, userPatch, userValues } from "./user-form.ts";

const route = getRouteApi("/shell/admin/users/$userId");

export function UserPage() {
  const { t } = useTranslation();
  const { userId } = route.useParams();
  const user = useQuery(userQuery(userId));
  return (
    <Allowed need="users.manage">
      {user.data ? (
        <UserForm key={userId} user={user.data} />
      ) : user.error ? (
        <ErrorState error={user.error} retry={() => void user.refetch()} />
      ) : (
        <PageFrame title={t("admin:user.title")}>
          <RowSkeletons count={3} />
        </PageFrame>
      )}
    </Allowed>
  );
}

function UserForm({ user }: { user: User }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const [blocking, setBlocking] = useState(false);
  const form = useForm(userValues(user));
  const own = user.id === me.id;

  const taken = async (next: User) => {
    client.setQueryData(userQuery(user.id).queryKey, next);
    await client.invalidateQueries({ queryKey: ["admin"], refetchType: "active" });
    if (own) await client.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  const save = useMutation({
    mutationFn: () => patch<User>(`/users/${user.id}`, userPatch(form.changed)),
    onSuccess: async (next) => {
      client.setQueryData(userQuery(user.id).queryKey, next);
      form.reset();
      notifyDone(t("admin:saved"));
      await taken(next);
    },
    onError: form.fail,
  });
  const block = useMutation({
    mutationFn: (blocked: boolean) => patch<User>(`/users/${user.id}`, { blocked }),
    onSuccess: (next) => {
      notifyDone(
        t(next.blocked ? "admin:user.blockedDone" : "admin:user.unblockedDone", { name: user.name }),
      );
      return taken(next);
    },
    onError: (error) => notifyError(error),
    onSettled: () => setBlocking(false),
  });

  return (
    <PageFrame
      title={user.name}
      back={<Link to="/admin/users">{t("admin:section.users")}</Link>}
      actions={
        <>
          <ButtonLink
            to="/admin/users/$userId/work"
            params={{ userId: user.id }}
            variant="default"
            leftSection={<IconGauge size={18} stroke={1.5} />}
            data-testid="user-work"
          >
            {t("staff:person.door")}
          </ButtonLink>
          {user.blocked ? (
            <Button
              variant="default"
              loading={block.isPending}
              leftSection={<IconLockOpen size={18} stroke={1.5} />}
              onClick={() => block.mutate(false)}
              data-testid="user-unblock"
            >
              {t("admin:user.unblock")}
            </Button>
          ) : (
            !own && (
              <Button
                variant="default"
                leftSection={<IconLock size={18} stroke={1.5} />}
                onClick={() => setBlocking(true)}
                data-testid="user-block"
              >
                {t("admin:user.block")}
              </Button>
            )
          )}
        </>
      }
    >
      {user.blocked && (
        <Alert color="yellow" mb="md" title={t("admin:users.blocked")}>
          {t("admin:user.isBlocked")}
        </Alert>
      )}
      <FormSection title={t("admin:user.about")}>
        <NameFields form={form} />
      </FormSection>
      <FormSection title={t("admin:user.rights")} text={t("admin:user.rightsText")}>
        <RoleField form={form} />
        <GroupsField form={form} />
      </FormSection>
      {!own && (
        <FormSection title={t("admin:user.newPassword")} text={t("admin:user.newPasswordText")}>
          <NewPassword form={form} description={t("admin:user.keepPassword")} />
        </FormSection>
      )}
      <SaveBar
        dirty={form.dirty}
        saving={save.isPending}
        onSave={() => {
          if (form.complain(checkUser(form.values, t))) save.mutate();
        }}
        onReset={form.reset}
        error={form.message}
      />
      <ConfirmDialog
        opened={blocking}
        title={t("admin:user.blockTitle", { name: user.name })}
        text={t("admin:user.blockText")}
        confirm={t("admin:user.block")}
        loading={block.isPending}
        onConfirm={() => block.mutate(true)}
        onClose={() => setBlocking(false)}
      />
    </PageFrame>
  );
}

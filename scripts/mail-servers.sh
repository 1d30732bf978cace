#!/usr/bin/env bash
# A private mail world for tests: a real Postfix and a real Dovecot on free loopback ports, everything under one folder.
#   scripts/mail-servers.sh start DIR   starts them and prints what a test must know as JSON (also kept in DIR/mail.json)
#   scripts/mail-servers.sh queue DIR   prints how many letters Postfix is still working on
#   scripts/mail-servers.sh stop DIR    stops them and deletes DIR
#
# desk.test     support, sales, claims: our mailboxes; support+anything@ is delivered to support
# clients.test  a few client mailboxes; any other address there is accepted first and bounced a moment later by a real DSN
# reject.test   every recipient is refused with 550 while the sender is still connected
# defer.test    every recipient is put off with 450, for ever
# Everything else is bounced: no mail ever leaves this machine.
#
# Every mailbox has the same password. For XOAUTH2 and OAUTHBEARER, Dovecot accepts the printed access tokens (and any
# HS256 token signed with the printed key); SMTP takes PLAIN and LOGIN, also without TLS, and both OAuth mechanisms too.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
. "$here/lib.sh"
export PATH="$PATH:/usr/sbin:/sbin"

[ $# -eq 2 ] || die "usage: mail-servers.sh start|queue|stop DIR"
action="$1"
folder="$2"

if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || die "Postfix and Dovecot start only as root, and sudo wants a password here: run as root, or run 'sudo -v' first"
    exec sudo -n "$0" "$@"
fi
command -v postfix >/dev/null || die "Postfix is not installed; run scripts/setup.sh test"
command -v dovecot >/dev/null || die "Dovecot is not installed; run scripts/setup.sh test"

desk_users=(support sales claims)
client_users=(client olga artem irina pavel marina)
password=secret-for-tests
# The mailboxes belong to an unprivileged number nobody else uses; it needs no entry in /etc/passwd.
mail_owner=52345

# The processes of this instance: Postfix and Dovecot programs whose working directory lies in the folder.
processes() {
    local process
    for process in /proc/[0-9]*; do
        case "$(readlink "$process/cwd" 2>/dev/null)" in "$folder"/*) ;; *) continue ;; esac
        case "$(readlink "$process/exe" 2>/dev/null)" in */postfix/* | */dovecot*) echo "${process#/proc/}" ;; esac
    done
}
nobody_left() { [ -z "$(processes)" ]; }

stop() {
    [ -e "$folder/.otklik-mail" ] || die "$folder holds no mail servers of this script"
    folder="$(cd "$folder" && pwd -P)"
    local found
    found="$(processes)"
    [ -z "$found" ] || kill -TERM $found 2>/dev/null || true
    if ! wait_until 5 nobody_left; then
        found="$(processes)"
        kill -KILL $found 2>/dev/null || true
        wait_until 5 nobody_left || say "mail-servers.sh: these processes stay: $(processes | tr '\n' ' ')"
    fi
    rm -rf "$folder"
}

make_certificates() {
    cd "$folder/tls"
    local ec=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650)
    openssl req -x509 "${ec[@]}" -keyout ca-key.pem -out ca.pem -subj "/CN=Otklik test authority" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -new "${ec[@]:0:5}" -keyout key.pem -out request.pem -subj "/CN=localhost"
    printf '%s\n' basicConstraints=CA:FALSE keyUsage=digitalSignature extendedKeyUsage=serverAuth \
        subjectAltName=DNS:localhost,DNS:mail.desk.test,IP:127.0.0.1 >extensions
    openssl x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 3650 -extfile extensions -out certificate.pem
    chmod 644 ca.pem
    cp ca.pem "$folder/ca.pem"
    cd - >/dev/null
}

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# access_token ADDRESS: a token as an OAuth2 provider would hand out, which Dovecot verifies with the shared key.
access_token() {
    local signed
    signed="$(printf '{"alg":"HS256","typ":"JWT"}' | base64url).$(printf '{"sub":"%s","email":"%s","iat":%d,"exp":%d}' "$1" "$1" "$(date +%s)" 4102444800 | base64url)"
    echo "$signed.$(printf %s "$signed" | openssl dgst -sha256 -hmac "$oauth_key" -binary | base64url)"
}

write_postfix() {
    local refused="texthash:$folder/postfix/refused"
    printf '%s\n' "reject.test 550 5.1.1 No such mailbox here" "defer.test 450 4.2.0 Try again later" >"$folder/postfix/refused"
    cat >"$folder/postfix/main.cf" <<END
compatibility_level = 3.6
queue_directory = $folder/postfix/queue
data_directory = $folder/postfix/data
maillog_file_prefixes = $folder
maillog_file = $folder/postfix.log
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.desk.test
mydomain = desk.test
mydestination =
alias_maps =
local_recipient_maps =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
biff = no
append_dot_mydomain = no
recipient_delimiter = +
message_size_limit = 52428800
mailbox_size_limit = 0
virtual_mailbox_limit = 0
virtual_mailbox_domains = desk.test, clients.test
virtual_mailbox_base = $folder/boxes
virtual_mailbox_maps = texthash:$folder/postfix/mailboxes
virtual_uid_maps = static:$mail_owner
virtual_gid_maps = static:$mail_owner
# An unknown recipient is taken here and bounced by the delivery agent, the way large providers do it.
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = check_recipient_access $refused, reject_unauth_destination
smtpd_recipient_restrictions =
default_transport = error:5.4.4 this test server sends nothing outside
relay_transport = error:5.4.4 this test server sends nothing outside
notify_classes =
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
in_flow_delay = 0
default_process_limit = 50
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $folder/dovecot/run/postfix-auth
smtpd_sasl_security_options = noanonymous
smtpd_tls_security_level = may
smtpd_tls_cert_file = $folder/tls/certificate.pem
smtpd_tls_key_file = $folder/tls/key.pem
smtpd_tls_session_cache_database =
smtp_tls_security_level = none
tls_random_source = dev:/dev/urandom
END
    cat >"$folder/postfix/master.cf" <<END
127.0.0.1:$smtp_port inet n - n - - smtpd
127.0.0.1:$submission_port inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=check_recipient_access,$refused,permit_sasl_authenticated,reject
127.0.0.1:$smtps_port inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=check_recipient_access,$refused,permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
END
}

write_dovecot() {
    cat >"$folder/dovecot/dovecot.conf" <<END
base_dir = $folder/dovecot/run
state_dir = $folder/dovecot/state
log_path = $folder/dovecot.log
listen = 127.0.0.1
protocols = imap
first_valid_uid = $mail_owner
mail_location = maildir:$folder/boxes/%d/%n
mail_uid = $mail_owner
mail_gid = $mail_owner
mail_fsync = never
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
disable_plaintext_auth = no
ssl = yes
ssl_cert = <$folder/tls/certificate.pem
ssl_key = <$folder/tls/key.pem
ssl_dh =
imap_idle_notify_interval = 30 secs
mailbox_list_index = yes
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $folder/dovecot/oauth2.conf
}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u $folder/dovecot/users
}
userdb {
  driver = passwd-file
  args = username_format=%u $folder/dovecot/users
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
}
service imap-login {
  process_min_avail = 1
  service_count = 0
  inet_listener imap {
    port = $imap_port
  }
  inet_listener imaps {
    port = $imaps_port
    ssl = yes
  }
}
service auth {
  unix_listener postfix-auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
# Without the penalty socket a wrong password does not slow down the next login from the same address.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  process_limit = 1
}
END
    cat >"$folder/dovecot/oauth2.conf" <<END
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$folder/dovecot/keys/
username_attribute = email
END
    mkdir -p "$folder/dovecot/keys/default/HS256"
    printf %s "$oauth_key" | openssl base64 -A >"$folder/dovecot/keys/default/HS256/default"
    chmod -R a+rX "$folder/dovecot/keys"
    local address
    : >"$folder/dovecot/users"
    : >"$folder/postfix/mailboxes"
    for address in "${addresses[@]}"; do
        echo "$address:{PLAIN}$password:$mail_owner:$mail_owner::$folder/boxes/${address#*@}/${address%@*}::" >>"$folder/dovecot/users"
        echo "$address ${address#*@}/${address%@*}/" >>"$folder/postfix/mailboxes"
    done
    chmod 640 "$folder/dovecot/users"
    chgrp dovecot "$folder/dovecot/users"
}

write_description() {
    local address comma=""
    {
        echo "{"
        echo "  \"host\": \"localhost\","
        echo "  \"smtp_port\": $smtp_port,"
        echo "  \"submission_port\": $submission_port,"
        echo "  \"smtps_port\": $smtps_port,"
        echo "  \"imap_port\": $imap_port,"
        echo "  \"imaps_port\": $imaps_port,"
        echo "  \"ca\": \"$folder/ca.pem\","
        echo "  \"password\": \"$password\","
        echo "  \"oauth_key\": \"$oauth_key\","
        echo "  \"folder\": \"$folder\","
        echo "  \"accounts\": ["
        for address in "${addresses[@]}"; do
            printf '%s    {"login": "%s", "password": "%s", "access_token": "%s"}' "$comma" "$address" "$password" "$(access_token "$address")"
            comma=$',\n'
        done
        printf '\n  ]\n}\n'
    } >"$folder/mail.json"
    chmod 644 "$folder/mail.json"
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1" && head -c 4 <&3 | grep -q "$2") 2>/dev/null; }

launch() {
    smtp_port="$(free_port)" submission_port="$(free_port)" smtps_port="$(free_port)"
    imap_port="$(free_port)" imaps_port="$(free_port)"
    write_postfix
    write_dovecot
    dovecot -c "$folder/dovecot/dovecot.conf" </dev/null >>"$folder/start.log" 2>&1 || return 1
    postfix -c "$folder/postfix" start </dev/null >>"$folder/start.log" 2>&1 || return 1
    wait_until 10 answers "$smtp_port" 220 && wait_until 10 answers "$imap_port" OK
}

start() {
    mkdir -p "$folder"
    folder="$(cd "$folder" && pwd -P)"
    [ -z "$(ls -A "$folder")" ] || die "$folder is not empty"
    [ ${#folder} -le 60 ] || die "$folder is too long for the Unix sockets inside it"
    # The servers' unprivileged processes must be able to pass through.
    chmod 711 "$folder"
    touch "$folder/.otklik-mail"
    trap 'tail -n 20 "$folder"/*.log >&2 2>/dev/null; stop; say "mail-servers.sh: starting failed"' EXIT
    mkdir -p "$folder"/{tls,boxes,postfix/queue,postfix/data,dovecot/run,dovecot/state}
    chown "$mail_owner:$mail_owner" "$folder/boxes"
    chown postfix: "$folder/postfix/data"
    chmod 755 "$folder"/{postfix,postfix/queue,dovecot,dovecot/run}

    local user
    addresses=()
    for user in "${desk_users[@]}"; do addresses+=("$user@desk.test"); done
    for user in "${client_users[@]}"; do addresses+=("$user@clients.test"); done
    oauth_key="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"

    make_certificates </dev/null >>"$folder/start.log" 2>&1
    launch || { grep -q 'ddress already in use' "$folder"/*.log && launch; } || exit 1
    write_description
    trap - EXIT
    cat "$folder/mail.json"
}

case "$action" in
    start) start ;;
    queue) find "$folder"/postfix/queue/{maildrop,incoming,active,deferred} -type f | wc -l ;;
    stop) stop ;;
    *) die "say 'start', 'queue' or 'stop', not '$action'" ;;
esac

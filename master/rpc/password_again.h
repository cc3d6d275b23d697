// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include "ifrit/v1/types.pb.h"
#include "master/auth/password_login.h"
#include "master/rpc/gatekeeper.h"
#include "master/rpc/method_table.h"

namespace ifrit::master::rpc {

/// Whether the caller has to say their password once more: whoever stole a token has hours with it,
/// and must not make a certificate, an operator or a grant of it that outlives them. Nothing is
/// asked of who came with a certificate, nor of whom the call is not open to anyway.
bool isPasswordAsked(const MethodRule& rule, const google::protobuf::Message& request,
                     const Principal& caller);

/// PERMISSION_DENIED (PASSWORD_NEEDED): the caller came with a token and said none.
absl::Status passwordNeeded(const MethodRule& rule, const Principal& caller);

/// Holds the password of `mutation` against the caller's where isPasswordAsked(), and notes whose
/// it was in `caller`. PERMISSION_DENIED (PASSWORD_NEEDED): there is none, which counts as no try;
/// else as PasswordLogin::confirm(). Blocks for the database and for scrypt.
absl::Status askPassword(const MethodRule& rule, const google::protobuf::Message& request,
                         const v1::Mutation& mutation, auth::PasswordLogin& logins,
                         Principal& caller);

}  // namespace ifrit::master::rpc

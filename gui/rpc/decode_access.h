// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/services/access.h"
#include "ifrit/v1/access.pb.h"

namespace ifrit::gui::rpc {

// As decode.h, of the service Access.

services::UserInfo decode(const v1::User& in);
domain::Grant decodeGrant(const v1::Grant& in);
services::GrantInfo decode(const v1::Grant& in);
services::GrantList decode(const v1::ListGrantsResponse& in);
services::AccessAnswer decode(const v1::CheckAccessResponse& in);
services::TokenInfo decode(const v1::Token& in);
services::CertificateInfo decode(const v1::Certificate& in);
services::IssuedCertificate decode(const v1::IssueCertificateResponse& in);

}  // namespace ifrit::gui::rpc

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/ctl/printer.h"
#include "gui/services/access.h"

namespace ifrit::gui::ctl {

// As views.h: who may do what.

const View<services::UserInfo>& userView();
const View<services::GrantInfo>& grantView();
const View<services::TokenInfo>& tokenView();
const View<services::CertificateInfo>& certificateView();
const View<services::AccessAnswer>& accessAnswerView();
/// With the secret.
const View<services::MadePassword>& madePasswordView();
const View<services::MadeToken>& madeTokenView();

}  // namespace ifrit::gui::ctl

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/pending_change.h"

#include "gui/presenters/connection_hub.h"
#include "shared/base/status.h"

namespace ifrit::gui::presenters {
namespace {

/// The master's own word, or no master has heard of it. What was cut off may be done.
bool isRefusal(const absl::Status& status) {
    switch (status.code()) {
        case absl::StatusCode::kInvalidArgument:
        case absl::StatusCode::kNotFound:
        case absl::StatusCode::kAlreadyExists:
        case absl::StatusCode::kPermissionDenied:
        case absl::StatusCode::kUnauthenticated:
        case absl::StatusCode::kFailedPrecondition:
        case absl::StatusCode::kAborted:
        case absl::StatusCode::kOutOfRange:
        case absl::StatusCode::kUnimplemented:
            return true;
        case absl::StatusCode::kUnavailable:
            return base::errorInfo(status).reason == "UNREACHABLE";
        default:
            return false;
    }
}

}  // namespace

PendingChange::PendingChange(ConnectionHub& hub) : m_hub(hub) {
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] { m_call.reset(); });
}

QString PendingChange::whyNot(const std::string& permission) const {
    if (isUnderWay()) return tr("The last change has not been answered yet.");
    return m_hub.whyNot(permission);
}

QString PendingChange::nothingChanged(const QString& whyNot) {
    return tr("Nothing was changed: %1").arg(whyNot);
}

void PendingChange::end(const QString& sentence, const absl::Status& status) {
    Q_EMIT changed();
    Q_EMIT acted(isRefusal(status) ? nothingChanged(sentence) : sentence);
}

}  // namespace ifrit::gui::presenters

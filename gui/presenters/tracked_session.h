// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "gui/presenters/operation_log.h"
#include "gui/services/session.h"

namespace ifrit::gui::presenters {

/// Opens sessions whose calls are in the log: what they are, how long they take, how they ended,
/// and a way to cancel them. Everything else is as with the inner factory. A call that changes
/// something gets its request id here, so that it can be shown before the answer is there.
class TrackedSessionFactory final : public services::SessionFactory {
public:
    /// Both outlive the sessions and every handle of them.
    TrackedSessionFactory(services::SessionFactory& inner, OperationLog& log)
        : m_inner(inner), m_log(log) {}
    std::unique_ptr<services::Session> open(const services::ConnectionProfile& profile) override;

private:
    services::SessionFactory& m_inner;
    OperationLog& m_log;
};

}  // namespace ifrit::gui::presenters

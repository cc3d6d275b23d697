// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/gui_hop.h"

#include <QTimer>
#include <utility>

namespace ifrit::gui::rpc {

void GuiHop::post(std::function<void()> function) {
    absl::MutexLock lock(&m_mutex);
    if (!m_context) return;
    QMetaObject::invokeMethod(m_context.get(), std::move(function), Qt::QueuedConnection);
}

void GuiHop::postAfter(std::chrono::milliseconds delay, std::function<void()> function) {
    absl::MutexLock lock(&m_mutex);
    if (!m_context) return;
    QTimer::singleShot(delay, m_context.get(), std::move(function));
}

void GuiHop::close() {
    std::unique_ptr<QObject> context;
    {
        absl::MutexLock lock(&m_mutex);
        context = std::move(m_context);
    }
    // Destroyed without the lock: the functions that it drops may own anything.
}

}  // namespace ifrit::gui::rpc

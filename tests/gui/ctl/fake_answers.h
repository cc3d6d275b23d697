// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QTimer>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gui/services/call.h"

namespace ifrit::tests {

/// From the event loop, unless the handle is gone by then.
inline gui::services::CallHandle later(std::function<void()> function) {
    auto context = std::make_shared<QObject>();
    QTimer::singleShot(0, context.get(), std::move(function));
    return gui::services::CallHandle([context]() mutable { context.reset(); });
}

/// Two items a page, so that paging is seen.
template <typename T>
gui::services::Page<T> pageOf(const std::vector<T>& all, const gui::services::PageRequest& page) {
    const std::size_t begin = page.token.empty() ? 0 : std::stoul(page.token);
    const std::size_t end = std::min(all.size(), begin + 2);
    gui::services::Page<T> out;
    out.items.assign(all.begin() + static_cast<long>(begin), all.begin() + static_cast<long>(end));
    if (end < all.size()) out.nextToken = std::to_string(end);
    return out;
}

}  // namespace ifrit::tests

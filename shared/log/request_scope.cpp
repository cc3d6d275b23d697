// SPDX-License-Identifier: Apache-2.0
#include "shared/log/request_scope.h"

#include <utility>

namespace ifrit::log {
namespace {

std::string& currentId() {
    thread_local std::string id;
    return id;
}

}  // namespace

RequestScope::RequestScope(std::string id) : m_outer(std::exchange(currentId(), std::move(id))) {}

RequestScope::~RequestScope() {
    currentId() = std::move(m_outer);
}

const std::string& RequestScope::current() {
    return currentId();
}

}  // namespace ifrit::log

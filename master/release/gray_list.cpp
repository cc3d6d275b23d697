// SPDX-License-Identifier: Apache-2.0
#include "master/release/gray_list.h"

#include <algorithm>

namespace ifrit::master::release {
namespace {

bool isChosen(const domain::GraySelection& selection, const domain::MachineFacts& facts) {
    if (!selection.pin.empty() && selection.pin == facts.pin) return true;
    if (selection.labels.empty()) return false;
    return std::all_of(selection.labels.begin(), selection.labels.end(),
                       [&facts](const auto& wanted) {
                           const auto found = facts.labels.find(wanted.first);
                           return found != facts.labels.end() && found->second == wanted.second;
                       });
}

}  // namespace

GrayList::GrayList(const domain::GraySelection& selection)
    : m_selection(selection), m_uuids(selection.uuids.begin(), selection.uuids.end()) {}

bool GrayList::has(const domain::MachineFacts& facts) const {
    return m_uuids.count(facts.uuid) != 0 || isChosen(m_selection, facts);
}

bool isGray(const domain::GraySelection& selection, const domain::MachineFacts& facts) {
    const auto& uuids = selection.uuids;
    return std::find(uuids.begin(), uuids.end(), facts.uuid) != uuids.end() ||
           isChosen(selection, facts);
}

}  // namespace ifrit::master::release

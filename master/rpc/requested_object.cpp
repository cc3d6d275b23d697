// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/requested_object.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "shared/base/hex.h"
#include "shared/base/utf8.h"

namespace ifrit::master::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Nobody has looked at the request yet: longer than any name of the contract.
constexpr std::size_t kMaxBytes = 256;

/// Of "spec.agent", of the first of "id|user" that is said, or of both of "uuid/agent".
const std::map<std::string_view, std::string_view>& fieldsOfMethods() {
    static const std::map<std::string_view, std::string_view> kFields = {
        {"ifrit.v1.Access/CreateUser", "name"},
        {"ifrit.v1.Access/SetPassword", "name"},
        {"ifrit.v1.Access/SetRole", "name"},
        {"ifrit.v1.Access/DisableUser", "name"},
        {"ifrit.v1.Access/EnableUser", "name"},
        {"ifrit.v1.Access/RemoveUser", "name"},
        {"ifrit.v1.Access/GiveGrant", "grant.to"},
        {"ifrit.v1.Access/TakeGrant", "id"},
        {"ifrit.v1.Access/RevokeToken", "id|user"},
        {"ifrit.v1.Access/IssueCertificate", "user"},
        {"ifrit.v1.Access/RevokeCertificates", "serial|user"},
        {"ifrit.v1.Access/RevokeMachine", "uuid"},
        {"ifrit.v1.Machines/RemoveMachines", "uuids"},
        {"ifrit.v1.Machines/ClearKnownBad", "agent"},
        {"ifrit.v1.Machines/TailLog", "uuid/agent"},
        {"ifrit.v1.Packages/DeletePackage", "manifest_digest"},
        {"ifrit.v1.Releases/CreateRelease", "spec.agent"},
        {"ifrit.v1.Releases/ActOnRelease", "release_id"},
        {"ifrit.v1.Campaigns/PrepareCampaign", "campaign_id"},
        {"ifrit.v1.Campaigns/PresentReceipt", "campaign_id"},
        {"ifrit.v1.Campaigns/StartCampaign", "campaign_id"},
        {"ifrit.v1.Campaigns/AbortCampaign", "campaign_id"}};
    return kFields;
}

std::string textOf(const Message& message, const FieldDescriptor& field) {
    const auto* reflection = message.GetReflection();
    if (field.is_repeated()) {
        const int count = reflection->FieldSize(message, &field);
        if (count == 0) return {};
        const std::string first = reflection->GetRepeatedString(message, &field, 0);
        return count == 1 ? first : fmt::format("{} and {} more", first, count - 1);
    }
    const std::string text = reflection->GetString(message, &field);
    return field.type() == FieldDescriptor::TYPE_BYTES ? base::toHex(text) : text;
}

std::string shortened(std::string text) {
    if (text.size() <= kMaxBytes) return text;
    return base::validUtf8(text.substr(0, kMaxBytes)) + "...";
}

std::string valueAt(const Message& message, std::string_view path) {
    const std::size_t dot = path.find('.');
    const FieldDescriptor* field =
        message.GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
    if (field == nullptr) return {};
    if (dot == std::string_view::npos) return textOf(message, *field);
    return valueAt(message.GetReflection()->GetMessage(message, field), path.substr(dot + 1));
}

}  // namespace

std::string requestedObject(std::string_view method, const Message& request) {
    if (method == "ifrit.v1.Clusters/FreezeCluster" ||
        method == "ifrit.v1.Clusters/UnfreezeCluster")
        return "cluster";
    const auto found = fieldsOfMethods().find(method);
    if (found == fieldsOfMethods().end()) return {};
    const std::string_view path = found->second;
    if (const std::size_t slash = path.find('/'); slash != std::string_view::npos) {
        return shortened(fmt::format("{}/{}", valueAt(request, path.substr(0, slash)),
                                     valueAt(request, path.substr(slash + 1))));
    }
    const std::size_t either = path.find('|');
    std::string out = valueAt(request, path.substr(0, either));
    if (out.empty() && either != std::string_view::npos)
        out = valueAt(request, path.substr(either + 1));
    return shortened(std::move(out));
}

}  // namespace ifrit::master::rpc

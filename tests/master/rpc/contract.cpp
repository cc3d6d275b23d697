// SPDX-License-Identifier: Apache-2.0
#include "tests/master/rpc/contract.h"

#include <grpcpp/generic/generic_stub.h>

#include <QDir>
#include <QtGlobal>

#include "master/rpc/passed_caller.h"
#include "shared/rpc/channel.h"

namespace ifrit::master::rpc {

std::vector<const google::protobuf::MethodDescriptor*> allMethods() {
    std::vector<const google::protobuf::MethodDescriptor*> out;
    const QDir folder(QStringLiteral(IFRIT_SOURCE_DIR "/shared/proto/ifrit/v1"));
    for (const QString& name : folder.entryList({QStringLiteral("*.proto")}, QDir::Files)) {
        QFile text(folder.filePath(name));
        if (!text.open(QIODevice::ReadOnly)) qFatal("cannot read %s", qPrintable(name));
        if (!text.readAll().contains("\nservice ")) continue;
        const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
            "ifrit/v1/" + name.toStdString());
        if (file == nullptr) qFatal("the master serves nothing of %s", qPrintable(name));
        for (int s = 0; s < file->service_count(); ++s) {
            for (int m = 0; m < file->service(s)->method_count(); ++m)
                out.push_back(file->service(s)->method(m));
        }
    }
    return out;
}

std::string nameOf(const google::protobuf::MethodDescriptor& method) {
    return method.service()->full_name() + "/" + method.name();
}

std::unique_ptr<google::protobuf::Message> requestOf(
    const google::protobuf::MethodDescriptor& method) {
    return std::unique_ptr<google::protobuf::Message>(
        google::protobuf::MessageFactory::generated_factory()
            ->GetPrototype(method.input_type())
            ->New());
}

namespace {

bool isStream(std::string method) {
    method[method.find('/')] = '.';
    const auto* found =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method);
    return found != nullptr && found->server_streaming();
}

void prepare(grpc::ClientContext& context, const GenericCall& given) {
    for (const auto& [key, value] : given.metadata)
        context.AddMetadata(key, value);
    if (given.passed != nullptr) context.AddMetadata(kPassedCallerKey, passedCaller(*given.passed));
    ifrit::rpc::setDeadline(context, given.timeout);
    if (!given.bearer.empty()) ifrit::rpc::setBearer(context, given.bearer);
}

grpc::ByteBuffer bufferOf(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    return {&slice, 1};
}

}  // namespace

GenericAnswer askGeneric(const std::shared_ptr<grpc::Channel>& channel, const GenericCall& given) {
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    prepare(context, given);
    grpc::CompletionQueue queue;
    auto call = stub.PrepareCall(&context, "/" + given.method, &queue);
    const auto wait = [&queue] {
        void* tag = nullptr;
        bool ok = false;
        queue.Next(&tag, &ok);
        return ok;
    };
    call->StartCall(nullptr);
    bool isOpen = wait();
    if (isOpen && !given.rest.empty()) {
        call->Write(bufferOf(given.body), nullptr);
        isOpen = wait();
    }
    if (isOpen) {
        call->WriteLast(bufferOf(given.rest.empty() ? given.body : given.rest), {}, nullptr);
        wait();
    }
    GenericAnswer answer;
    grpc::ByteBuffer response;
    call->Read(&response, nullptr);
    if (wait()) {
        grpc::Slice slice;
        if (response.DumpToSingleSlice(&slice).ok())
            answer.body.assign(reinterpret_cast<const char*>(slice.begin()), slice.size());
        // A stream that lets us in would go on for ever.
        if (isStream(given.method)) context.TryCancel();
    }
    call->Finish(&answer.status, nullptr);
    wait();
    return answer;
}

grpc::Status callGeneric(const std::shared_ptr<grpc::Channel>& channel, const GenericCall& call) {
    return askGeneric(channel, call).status;
}

bool isRefusal(const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::PERMISSION_DENIED ||
           status.error_code() == grpc::StatusCode::UNAUTHENTICATED;
}

}  // namespace ifrit::master::rpc

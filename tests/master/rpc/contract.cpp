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

grpc::Status callGeneric(const std::shared_ptr<grpc::Channel>& channel, const GenericCall& given) {
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    if (given.passed != nullptr) context.AddMetadata(kPassedCallerKey, passedCaller(*given.passed));
    ifrit::rpc::setDeadline(context, std::chrono::seconds(5));
    if (!given.bearer.empty()) ifrit::rpc::setBearer(context, given.bearer);
    grpc::CompletionQueue queue;
    auto call = stub.PrepareCall(&context, "/" + given.method, &queue);
    const auto wait = [&queue] {
        void* tag = nullptr;
        bool ok = false;
        queue.Next(&tag, &ok);
        return ok;
    };
    call->StartCall(nullptr);
    wait();
    const grpc::Slice body(given.body);
    call->WriteLast(grpc::ByteBuffer(&body, 1), grpc::WriteOptions(), nullptr);
    wait();
    grpc::ByteBuffer response;
    call->Read(&response, nullptr);
    // A stream that lets us in would go on for ever.
    if (wait()) context.TryCancel();
    grpc::Status status;
    call->Finish(&status, nullptr);
    wait();
    return status;
}

bool isRefusal(const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::PERMISSION_DENIED ||
           status.error_code() == grpc::StatusCode::UNAUTHENTICATED;
}

}  // namespace ifrit::master::rpc

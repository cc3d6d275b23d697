# SPDX-License-Identifier: Apache-2.0
# What compiles for Windows: base, the platform behind its interfaces, and guard's parts. mingw-w64
# has none of our libraries, so nothing is linked. Of them, base and platform need headers alone:
# Abseil's (Status and Mutex), {fmt}'s and xxHash's, which are the same for every system.
set(headers "${CMAKE_BINARY_DIR}/headers")
file(MAKE_DIRECTORY "${headers}")
foreach(name absl fmt xxhash.h)
    if(NOT EXISTS "/usr/include/${name}")
        message(FATAL_ERROR "/usr/include/${name} is missing: run tools/setup")
    endif()
    # By themselves: beside them lie the headers of another system.
    file(CREATE_LINK "/usr/include/${name}" "${headers}/${name}" SYMBOLIC)
endforeach()

set(sources
    agent/guard/guard.cpp
    agent/guard/guard_options.cpp
    agent/guard/guard_record.cpp
    agent/guard/hang_watch.cpp
    agent/guard/key_value_file.cpp
    agent/guard/slots.cpp
    agent/guard/trial_verdict.cpp
    agent/guard/trial_watch.cpp
    agent/guard/windows/beat_windows.cpp
    agent/guard/windows/child_reaper_windows.cpp
    agent/guard/windows/main_windows.cpp
    agent/guard/windows/reserved_file_windows.cpp
    agent/guard/windows/running_program_windows.cpp
    agent/guard/windows/service.cpp
    agent/guard/windows/service_registration.cpp
    agent/platform/exit_status.cpp
    agent/platform/process_launcher.cpp
    agent/platform/process_table.cpp
    agent/platform/signaller.cpp
    agent/platform/streamed_command_runner.cpp
    agent/platform/windows/command_line.cpp
    agent/platform/windows/job_resource_groups.cpp
    agent/platform/windows/process_environment.cpp
    agent/platform/windows/session_job.cpp
    agent/platform/windows/windows_background_thread.cpp
    agent/platform/windows/windows_command_runner.cpp
    agent/platform/windows/windows_directories.cpp
    agent/platform/windows/windows_exit_watcher.cpp
    agent/platform/windows/windows_file_lock.cpp
    agent/platform/windows/windows_host.cpp
    agent/platform/windows/windows_memory.cpp
    agent/platform/windows/windows_platform.cpp
    agent/platform/windows/windows_process_launcher.cpp
    agent/platform/windows/windows_process_table.cpp
    agent/platform/windows/windows_signaller.cpp
    agent/platform/windows/windows_tcp_connection.cpp
    agent/platform/windows/windows_tree_watcher.cpp
    agent/platform/windows/windows_user_directory.cpp
    shared/base/atomic_file_windows.cpp
    shared/base/backoff.cpp
    shared/base/call_details.cpp
    shared/base/clock.cpp
    shared/base/exhaustion.cpp
    shared/base/hashing.cpp
    shared/base/hex.cpp
    shared/base/host_port.cpp
    shared/base/ids.cpp
    shared/base/service_notifier_windows.cpp
    shared/base/status.cpp
    shared/base/utf8.cpp
    shared/base/windows_text.cpp)
add_library(ifrit_windows OBJECT ${sources})
target_include_directories(ifrit_windows PRIVATE "${CMAKE_SOURCE_DIR}")
target_include_directories(ifrit_windows SYSTEM PRIVATE "${headers}")
target_link_libraries(ifrit_windows PRIVATE ifrit_warnings)
# Windows 10.
target_compile_definitions(ifrit_windows PRIVATE _WIN32_WINNT=0x0A00 UNICODE _UNICODE NOMINMAX
    WIN32_LEAN_AND_MEAN FMT_HEADER_ONLY IFRIT_VERSION="${PROJECT_VERSION}")
